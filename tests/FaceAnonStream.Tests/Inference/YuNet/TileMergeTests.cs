using FaceAnonStream.Detection;
using FaceAnonStream.Inference.YuNet;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.YuNet;

public sealed class TileMergeTests
{
    private static readonly FaceDetection Whole = Faces.At(100, 100, 60, 80, 0.6f);

    [Fact]
    public void Run_FragmentOfAFace_NeverDisplacesIt()
    {
        var face = Merge([Whole], [Faces.At(100, 100, 20, 80, 0.9f)]).ShouldHaveSingleItem();
        face.Box.ShouldBe(Whole.Box);
        face.Score.ShouldBe(0.9f);
    }

    [Fact]
    public void Run_FragmentLargerThanAFaceInIt_StaysCovered() =>
        Merge([Faces.At(110, 110, 10, 10, 0.9f)], [Whole]).Count.ShouldBe(2);

    [Fact]
    public void Run_FragmentsThatContinueEachOther_AreJoined()
    {
        var face = Merge([], [Faces.At(100, 100, 40, 80, 0.5f), Faces.At(112, 100, 30, 80, 0.7f)]).ShouldHaveSingleItem();
        face.Box.ShouldBe(new FaceAnonStream.Frames.RectF(100, 100, 42, 80));
        face.Score.ShouldBe(0.7f);
    }

    [Fact]
    public void Run_LoneFragment_IsKept() => Merge([], [Whole]).ShouldBe([Whole]);

    [Fact]
    public void Run_AnySplit_LeavesMostOfEveryBoxCovered() => Check.QuickThrowOnFailure(
        Prop.ForAll(Faces.Lists, Faces.Lists, (faces, fragments) =>
        {
            var merged = Merge(faces, fragments);
            return faces.Concat(fragments).All(seen => merged.Any(face => CoveredShare(seen, face) >= 0.4f));
        }));

    private static List<FaceDetection> Merge(FaceDetection[] faces, FaceDetection[] fragments)
    {
        List<FaceDetection> merged = [.. faces];
        TileMerge.Run(merged, [.. fragments], 0.4f);
        return merged;
    }

    private static float CoveredShare(FaceDetection seen, FaceDetection face)
    {
        var width = MathF.Min(seen.Box.Right, face.Box.Right) - MathF.Max(seen.Box.X, face.Box.X);
        var height = MathF.Min(seen.Box.Bottom, face.Box.Bottom) - MathF.Max(seen.Box.Y, face.Box.Y);
        return MathF.Max(0, width) * MathF.Max(0, height) / seen.Box.Area;
    }
}
