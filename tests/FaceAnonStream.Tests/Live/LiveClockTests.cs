using FaceAnonStream.Frames;
using FaceAnonStream.Live;
using FaceAnonStream.Tests.Cli;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Live;

public sealed class LiveClockTests
{
    private const int Frame = 3600;
    private static readonly Rational Mpeg = new(1, 90_000);
    private readonly LiveClock _clock = new(new ManualTime());

    [Fact]
    public void Next_FirstFrame_IsAtZero() => _clock.Next(123_456_789, Mpeg, Arrival(77)).ShouldBe(0);

    [Fact]
    public void Next_JitteryArrivals_KeepTheSourcesCadence()
    {
        var random = new Random(1);
        var times = Enumerable.Range(0, 500).Select(n => _clock.Next(n * Frame, Mpeg, Arrival((n * 40) + random.Next(120)))).ToArray();
        Steps(times).ShouldAllBe(step => Math.Abs(step - Frame) <= 4);
    }

    [Fact]
    public void Next_UnevenCadence_IsKept()
    {
        int[] at = [0, 33, 100, 133, 200, 233, 300];
        at.Select(ms => _clock.Next(ms, new Rational(1, 1000), Arrival(ms))).ShouldBe(at.Select(ms => ms * 90L));
    }

    [Theory]
    [InlineData(-(1L << 33))]
    [InlineData(1L << 33)]
    [InlineData(-50_000_000)]
    [InlineData(900_000)]
    public void Next_SourceClockJumps_CadenceGoesOn(long jump)
    {
        var times = Enumerable.Range(0, 20).Select(n => _clock.Next((n * Frame) + (n < 10 ? 0 : jump), Mpeg, Arrival(n * 40))).ToArray();
        Steps(times).ShouldAllBe(step => Math.Abs(step - Frame) <= 4);
    }

    [Fact]
    public void Next_EqualStamps_GoWithTheWallClock()
    {
        var times = Enumerable.Range(0, 200).Select(n => _clock.Next(5, Mpeg, Arrival(n * 40))).ToArray();
        times[^1].ShouldBe(199 * Frame);
    }

    [Fact]
    public void Next_OneFrameOutOfOrder_DisturbsNoOther()
    {
        long[] stamps = [0, 1, 2, 1, 4, 5, 6];
        var times = stamps.Select((stamp, n) => _clock.Next(stamp * Frame, Mpeg, Arrival(n * 40))).ToArray();
        times.ShouldBe([0, Frame, 2 * Frame, 3 * Frame, 4 * Frame, 5 * Frame, 6 * Frame]);
    }

    [Theory]
    [InlineData(1.0002)]
    [InlineData(0.9998)]
    public void Next_DriftingSourceForDays_StaysWithTheWallClock(double speed)
    {
        // Two hundred ppm over two days at one frame per second would be 35 seconds.
        long last = 0;
        for (var second = 0; second < 2 * 86_400; second++)
        {
            last = _clock.Next((long)(second * 90_000 * speed), Mpeg, Arrival(second * 1000L));
        }

        (last - (((2 * 86_400L) - 1) * 90_000)).ShouldBeInRange(-90_000 / 2, 90_000 / 2);
    }

    [Fact]
    public void Next_BurstAtTheBeginning_IsAheadByTheLeewayAtMost()
    {
        var times = Enumerable.Range(0, 100).Select(n => _clock.Next(n * Frame, Mpeg, Arrival(n))).ToArray();
        times[20].ShouldBeInRange((20 * Frame) - 80, 20 * Frame);
        times[^1].ShouldBeLessThan(90_000 + (100 * 2 * LiveClock.MinStep));
    }

    [Fact]
    public void NextSlate_BetweenTwoConnections_GoesWithTheWallClock()
    {
        _clock.Next(1000, Mpeg, Arrival(0));
        _clock.Interrupt();
        _clock.NextSlate(Arrival(200)).ShouldBe(18_000);
        _clock.NextSlate(Arrival(400)).ShouldBe(36_000);
        _clock.Next(77, Mpeg, Arrival(1000)).ShouldBe(90_000);
        _clock.Next(77 + Frame, Mpeg, Arrival(1040)).ShouldBe(90_000 + Frame);
    }

    [Fact]
    public void Next_AnythingAtAll_OnlyRunsForwardsAndStaysNearTheWallClock() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(long Ticks, byte Gap, byte Kind)[]>(),
            frames =>
            {
                var clock = new LiveClock(new ManualTime());
                var (now, last, source) = (0L, -1L, 0L);
                foreach (var (ticks, gap, kind) in frames)
                {
                    now += gap;
                    source = kind < 200 ? source + (gap * 90) : ticks;
                    var at = kind == 0 ? clock.NextSlate(Arrival(now)) : clock.Next(source, Mpeg, Arrival(now));
                    at.ShouldBeGreaterThan(last);
                    var sinceStart = (now - frames[0].Gap) * 90;
                    at.ShouldBeInRange(sinceStart - 90_001, sinceStart + 90_001 + (frames.Length * LiveClock.MinStep));
                    last = at;
                }
            }).QuickCheckThrowOnFailure();

    private static long Arrival(long ms) => ms * TimeSpan.TicksPerMillisecond;

    private static IEnumerable<long> Steps(long[] times) => times.Zip(times.Skip(1), (a, b) => b - a);
}
