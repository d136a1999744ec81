using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Frames;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Faces;

public sealed class SamplePlanTests
{
    [Fact]
    public void Samples_LongTrack_AreEvenlySpacedFromEndToEnd()
    {
        var plan = new SamplePlan(Track([.. Enumerable.Range(0, 91)], _ => 50));

        plan.Samples.ShouldBe([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
        plan.Following(0).ShouldBe(1);
        plan.Following(90).ShouldBeNull();
        plan.Embedded.Count.ShouldBe(19);
    }

    [Fact]
    public void Samples_ShortTrackOrFewLargeFaces_AreNone()
    {
        new SamplePlan(Track([.. Enumerable.Range(0, 7)], _ => 50)).Samples.ShouldBeEmpty();
        new SamplePlan(Track([.. Enumerable.Range(0, 20)], frame => frame < 5 ? 50 : 30)).Samples.ShouldBeEmpty();
    }

    [Fact]
    public void Samples_SmallFaces_AreLeftOut()
    {
        var plan = new SamplePlan(Track([.. Enumerable.Range(0, 20)], frame => frame % 2 == 0 ? 40 : 39));

        plan.Samples.ShouldBe([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    }

    [Fact]
    public void Following_FrameWasMissed_IsNobody()
    {
        var plan = new SamplePlan(Track([0, 1, 3, 4, 6, 7, 9, 10], _ => 50));

        plan.Following(0).ShouldBe(1);
        plan.Following(1).ShouldBeNull();
    }

    private static ClipFaces Track(int[] frames, Func<int, float> sidePx) => new(
        frames[^1] + 1,
        [.. frames.Select(frame => new SeenFace(frame, 0, new FaceDetection(new RectF(0, 0, sidePx(frame), 20), 0.9f)))]);
}
