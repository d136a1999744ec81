using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Frames;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Faces;

public sealed class JitterMeterTests
{
    private readonly JitterMeter _meter = new();

    [Fact]
    public void Add_SteadyMotion_DoesNotShake()
    {
        _meter.Add(10, At(0), [new Vector2(0, 0)], [new Vector2(0, 0)], false).ShouldBeNull();
        _meter.Add(11, At(1), [new Vector2(3, 4)], [new Vector2(3, 4)], false).ShouldBeNull();
        _meter.Add(12, At(2), [new Vector2(6, 8)], [new Vector2(6, 8)], false).ShouldBe((11, new Jitter(0, 0, false)));
    }

    [Fact]
    public void Add_SecondDifference_IsSquaredInSidesOfTheBox()
    {
        _meter.Add(0, At(0), [Vector2.Zero, Vector2.Zero], [Vector2.Zero, Vector2.Zero], false);
        _meter.Add(1, At(1), [new Vector2(1, 0), Vector2.Zero], [Vector2.Zero, Vector2.Zero], false);
        var (_, jitter) = _meter.Add(2, At(2), [Vector2.Zero, Vector2.Zero], [new Vector2(0, 5), new Vector2(0, 5)], false).ShouldNotBeNull();

        // One of two points bends by 2 px in the original, both by 5 px in the output; the box is 50 px.
        jitter.Original.ShouldBe(4.0 / 2 / 2500, 1e-9);
        jitter.Anonymised.ShouldBe(25.0 / 2500, 1e-9);
    }

    [Fact]
    public void Add_MissedFrameOrUntrustedLandmarks_TellNothing()
    {
        _meter.Add(0, At(0), [Vector2.Zero], [Vector2.Zero], false);
        _meter.Add(1, At(2), [Vector2.Zero], [Vector2.Zero], false).ShouldBeNull();
        _meter.Add(2, At(3), [Vector2.Zero], [Vector2.Zero], false).ShouldBeNull();
        _meter.Add(3, At(4), null, [Vector2.Zero], false).ShouldBeNull();
        _meter.Add(4, At(5), [Vector2.Zero], [Vector2.Zero], false).ShouldBeNull();
    }

    [Theory]
    [InlineData(true, true, true, true)]
    [InlineData(false, true, true, false)]
    [InlineData(true, false, true, false)]
    [InlineData(true, true, false, false)]
    public void Add_Replaced_CountsInAllThreeFrames(bool first, bool second, bool third, bool expected)
    {
        _meter.Add(0, At(0), [Vector2.Zero], [Vector2.Zero], first);
        _meter.Add(1, At(1), [Vector2.Zero], [Vector2.Zero], second);
        _meter.Add(2, At(2), [Vector2.Zero], [Vector2.Zero], third).ShouldBe((1, new Jitter(0, 0, expected)));
    }

    private static SeenFace At(int frame) => new(frame, 0, new FaceDetection(new RectF(0, 0, 50, 40), 0.9f));
}
