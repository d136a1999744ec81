using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Tracking;

public class FrameClockTests
{
    [Fact]
    public async Task Next_IrregularTimestamps_FollowsThem()
    {
        (await TimesAsync(TrackRig.Milliseconds, 5000, 5040, 5050, 5150)).ShouldBe([0, 40, 50, 150]);
    }

    [Fact]
    public async Task Next_EqualOrBackwardTimestamps_StillMovesOn()
    {
        (await TimesAsync(TrackRig.Milliseconds, 100, 100, 60, 100)).ShouldBe([0, 1, 2, 42]);
    }

    [Fact]
    public async Task Next_HugeJumps_AreBounded()
    {
        (await TimesAsync(TrackRig.Milliseconds, 0, long.MaxValue, long.MinValue, long.MaxValue))
            .ShouldBe([0, 10_000, 10_001, 20_001]);
    }

    [Fact]
    public async Task Next_TimeBaseWithoutValue_StillMovesOn()
    {
        (await TimesAsync(new Rational(0, 0), 0, 40, 80)).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Next_BlindFrameOrLongGap_AddsLittleWatchedTime()
    {
        using var pool = new FramePool(TrackRig.Picture, 1);
        var clock = new FrameClock();
        await NextAsync(clock, pool, 0, TrackRig.Milliseconds);
        (await NextAsync(clock, pool, 40, TrackRig.Milliseconds)).Watched.TotalMilliseconds.ShouldBe(40);
        (await NextAsync(clock, pool, 80, TrackRig.Milliseconds, watched: false)).Watched.TotalMilliseconds.ShouldBe(40);
        (await NextAsync(clock, pool, 5080, TrackRig.Milliseconds)).Watched.TotalMilliseconds.ShouldBe(540);
    }

    private static async Task<List<double>> TimesAsync(Rational timeBase, params long[] timestamps)
    {
        using var pool = new FramePool(TrackRig.Picture, 1);
        var clock = new FrameClock();
        var times = new List<double>();
        foreach (var pts in timestamps)
        {
            times.Add((await NextAsync(clock, pool, pts, timeBase)).Time.TotalMilliseconds);
        }

        return times;
    }

    private static async Task<FrameTime> NextAsync(
        FrameClock clock, FramePool pool, long pts, Rational timeBase, bool watched = true)
    {
        using var frame = await pool.RentAsync(0, pts, timeBase, CancellationToken.None);
        return clock.Next(frame, watched);
    }
}
