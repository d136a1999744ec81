using System.Numerics;
using FaceAnonStream.Evaluation.Pictures;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Pictures;

public sealed class SimilarityTests
{
    private static readonly Vector2[] Points = [new(3, 4), new(17, 5), new(10, 12), new(5, 20), new(16, 19)];

    [Fact]
    public void Fit_PointsMovedByASimilarity_FindsIt() => Prop.ForAll(
        Gen.Choose(-200, 200).Four().Select(n => new Similarity((n.Item1 + 0.5f) / 50, n.Item2 / 50f, new Vector2(n.Item3, n.Item4))).ToArbitrary(),
        moved =>
        {
            var found = Similarity.Fit(Points, [.. Points.Select(moved.Apply)]);
            found.A.ShouldBe(moved.A, 1e-3f);
            found.B.ShouldBe(moved.B, 1e-3f);
            Vector2.Distance(found.Shift, moved.Shift).ShouldBeLessThan(0.05f);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Inverse_LeadsBack()
    {
        var there = new Similarity(1.5f, -0.5f, new Vector2(7, -3));

        Vector2.Distance(there.Inverse().Apply(there.Apply(new Vector2(11, 13))), new Vector2(11, 13)).ShouldBeLessThan(1e-4f);
        there.Inverse().Scale.ShouldBe(1 / there.Scale, 1e-5f);
    }

    /// <summary>What numpy's least squares gives for the linear problem a x - b y + s = x', b x + a y + t = y'.</summary>
    [Fact]
    public void Fit_PointsThatDoNotFit_HasTheLeastSquares()
    {
        Vector2[] to = [new(38.3f, 51.7f), new(73.5f, 51.5f), new(56, 71.7f), new(41.5f, 92.4f), new(70.7f, 92.2f)];

        var found = Similarity.Fit(Points, to);

        found.A.ShouldBe(2.644491f, 1e-4f);
        found.B.ShouldBe(0.030925f, 1e-4f);
        found.Shift.X.ShouldBe(29.397297f, 1e-3f);
        found.Shift.Y.ShouldBe(39.850676f, 1e-3f);
    }
}
