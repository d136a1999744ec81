using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Tracking.TrackRig;

namespace FaceAnonStream.Tests.Tracking;

public class FaceTrackTests
{
    private static readonly TrackOptions Options = new() { BackFillMs = 0 };
    private static readonly BoxSmoother Smoother = new(TimeSpan.FromMilliseconds(Options.SmoothingMs));

    [Fact]
    public void Forget_LongTrack_KeepsOnlyWhatTheSmootherReaches()
    {
        var track = new FaceTrack(1, Seen(0), Options, Smoother);
        for (var i = 1; i <= 100; i++)
        {
            track.Add(Seen(i));
        }

        var before = track.CoverAt(At(90), Picture);
        track.Forget(At(90));

        // 160 ms reach 135 ms, which is 3 frames.
        Enumerable.Range(0, 101).Where(i => track.CoverAt(At(i), Picture)?.Evidence == Evidence.Observed)
            .ShouldBe(Enumerable.Range(87, 14));
        track.CoverAt(At(90), Picture).ShouldBe(before);
    }

    [Fact]
    public void Forget_LastObservationLongAgo_KeepsIt()
    {
        var track = new FaceTrack(1, Seen(0), Options, Smoother);
        track.Forget(At(20));

        track.CoverAt(At(21), Picture).ShouldNotBeNull();
        track.IsLost(At(25)).ShouldBeFalse();
        track.IsLost(At(26)).ShouldBeTrue();
    }

    private static FrameTime At(int frame) => new(TimeSpan.FromMilliseconds(40 * frame), TimeSpan.FromMilliseconds(40 * frame));

    private static Observation Seen(int frame) => new(At(frame), Face(100 + frame, 100).Box, 0.9f);
}
