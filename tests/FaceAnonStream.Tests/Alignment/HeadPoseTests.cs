using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Identity;
using FaceAnonStream.Tests.Kit;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Alignment;

public sealed class HeadPoseTests
{
    private static readonly Vector3[] Head = SceneClips.Gallery.Shape.Neutral(new float[SceneClips.Gallery.Shape.IdentityCount]);
    private static readonly HeadPoseFit Fit = new(Head, [.. Enumerable.Repeat(1f, Head.Length)]);

    private static Gen<(float Yaw, float Pitch, float Roll, float Scale, Vector2 Translation)> Any { get; } =
        from yaw in Gen.Choose(-80, 80)
        from pitch in Gen.Choose(-60, 60)
        from roll in Gen.Choose(-179, 179)
        from scale in Gen.Choose(3, 400)
        from x in Gen.Choose(-2000, 4000)
        from y in Gen.Choose(-2000, 4000)
        select (Radians(yaw), Radians(pitch), Radians(roll), scale / 1f, new Vector2(x, y));

    [Fact]
    public void Fit_AnyPose_IsRecovered() => Prop.ForAll(Any.ToArbitrary(), truth =>
    {
        var pose = Fit.Fit(Project(Head, truth)).ShouldNotBeNull();
        pose.Yaw.ShouldBe(truth.Yaw, 0.005f);
        pose.Pitch.ShouldBe(truth.Pitch, 0.005f);
        pose.Roll.ShouldBe(truth.Roll, 0.005f);
        pose.Scale.ShouldBe(truth.Scale, 0.003f * truth.Scale);
        Vector2.Distance(pose.Translation, truth.Translation).ShouldBeLessThan(0.01f + (0.003f * truth.Scale));
        pose.Residual.ShouldBeLessThan(0.003f);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fit_Noise_HasNoSkewAndTheResidualOfTheNoise() => Prop.ForAll(Any.ToArbitrary(), truth =>
    {
        var random = new SplitMix64(5);
        var noisy = Array.ConvertAll(Project(Head, truth), point => point + (truth.Scale * new Vector2(random.NextBetween(-0.05f, 0.05f), random.NextBetween(-0.05f, 0.05f))));
        var pose = Fit.Fit(noisy).ShouldNotBeNull();
        pose.Right.Length().ShouldBe(1, 1e-4f);
        pose.Down.Length().ShouldBe(1, 1e-4f);
        Vector3.Dot(pose.Right, pose.Down).ShouldBe(0, 1e-4f);
        pose.Residual.ShouldBe(0.041f, 0.006f);
        MathF.Abs(pose.Yaw - truth.Yaw).ShouldBeLessThan(0.06f);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fit_PointsWithoutWeight_DoNotMatter()
    {
        var weights = Enumerable.Range(0, Head.Length).Select(i => i % 3 == 0 ? 0f : 1 + (i % 2)).ToArray();
        var truth = (0.4f, -0.2f, 0.3f, 50f, new Vector2(300, 200));
        var points = Project(Head, truth);
        for (var i = 0; i < points.Length; i += 3)
        {
            points[i] += new Vector2(40, -70);
        }

        var pose = new HeadPoseFit(Head, weights).Fit(points).ShouldNotBeNull();
        pose.Yaw.ShouldBe(0.4f, 0.005f);
        pose.Scale.ShouldBe(50, 0.1f);
        pose.Residual.ShouldBeLessThan(0.003f);
    }

    [Fact]
    public void Fit_SceneFaces_TellsTheirTrueAngles()
    {
        foreach (var moment in SceneClips.Moments(new SceneOptions { DurationSeconds = 4, FrameRate = new(5, 1), People = 3, Seed = 7 }))
        {
            foreach (var figure in moment.Figures)
            {
                // Somebody else's face with some expression: no more than about right.
                var pose = Fit.Fit(figure.Landmarks).ShouldNotBeNull();
                pose.Yaw.ShouldBe(figure.Stance.Yaw, 0.12f);
                pose.Roll.ShouldBe(figure.Stance.Roll, 0.12f);
                pose.Pitch.ShouldBe(figure.Stance.Pitch, 0.2f);
            }
        }
    }

    [Fact]
    public void Fit_NoFace_IsNull()
    {
        Fit.Fit(new Vector2[Head.Length]).ShouldBeNull();
        Fit.Fit([.. Enumerable.Range(0, Head.Length).Select(i => new Vector2(i, 2 * i))]).ShouldBeNull();
        Fit.Fit([.. Enumerable.Repeat(new Vector2(float.NaN), Head.Length)]).ShouldBeNull();
    }

    [Fact]
    public void Construct_FlatHeadOrWrongWeights_IsRefused()
    {
        Vector3[] flat = [new(0, 0, 1), new(1, 0, 1), new(0, 1, 1), new(1, 1, 1)];
        Should.Throw<ArgumentException>(() => new HeadPoseFit(flat, [1, 1, 1, 1]));
        Should.Throw<ArgumentException>(() => new HeadPoseFit(Head, [1, 1]));
        Should.Throw<ArgumentException>(() => new HeadPoseFit(Head, new float[Head.Length]));
        Should.Throw<ArgumentException>(() => new HeadPoseFit(Head, [.. Enumerable.Repeat(-1f, Head.Length)]));
    }

    private static Vector2[] Project(Vector3[] head, (float Yaw, float Pitch, float Roll, float Scale, Vector2 Translation) pose)
    {
        var turn = Quaternion.CreateFromAxisAngle(Vector3.UnitZ, pose.Roll)
            * Quaternion.CreateFromAxisAngle(Vector3.UnitY, -pose.Yaw)
            * Quaternion.CreateFromAxisAngle(Vector3.UnitX, pose.Pitch);
        return Array.ConvertAll(head, point =>
        {
            var turned = Vector3.Transform(point, turn);
            return (pose.Scale * new Vector2(turned.X, turned.Y)) + pose.Translation;
        });
    }

    private static float Radians(float degrees) => float.DegreesToRadians(degrees);
}
