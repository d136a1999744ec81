using FaceAnonStream.Inference.YuNet;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.YuNet;

public sealed class NonMaximumSuppressionTests
{
    private const float MaxIou = 0.4f;

    [Fact]
    public void Run_AnyFaces_KeepsThoseThatNoBetterKeptOneOverlaps() => Check.QuickThrowOnFailure(Prop.ForAll(Faces.Lists, faces =>
    {
        var reordered = faces.ToArray();
        var kept = reordered[..NonMaximumSuppression.Run(reordered, MaxIou)];
        var scoresFall = kept.Zip(kept.Skip(1)).All(pair => pair.First.Score >= pair.Second.Score);
        var apart = kept.All(a => kept.Count(b => a.Box.IntersectionOverUnion(b.Box) > MaxIou) == 1);
        var represented = faces.All(face =>
            kept.Any(better => better.Score >= face.Score && (better == face || better.Box.IntersectionOverUnion(face.Box) > MaxIou)));
        return scoresFall && apart && represented && kept.All(faces.Contains);
    }));

    [Fact]
    public void Run_ItsOwnResult_ChangesNothing() => Check.QuickThrowOnFailure(Prop.ForAll(Faces.Lists, faces =>
    {
        var once = faces[..NonMaximumSuppression.Run(faces, MaxIou)];
        return NonMaximumSuppression.Run(once.ToArray(), MaxIou) == once.Length;
    }));

    [Fact]
    public void Run_TwoOfOneFace_KeepsTheBetter()
    {
        var faces = new[] { Faces.At(0, 0, 10, 10, 0.5f), Faces.At(1, 0, 10, 10, 0.9f), Faces.At(50, 0, 10, 10, 0.4f) };
        NonMaximumSuppression.Run(faces, MaxIou).ShouldBe(2);
        faces[0].Score.ShouldBe(0.9f);
        faces[1].Score.ShouldBe(0.4f);
    }
}
