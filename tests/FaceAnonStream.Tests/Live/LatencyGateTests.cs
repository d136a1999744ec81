using FaceAnonStream.Live;
using FaceAnonStream.Tests.Cli;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Live;

/// <summary>The gate in front of a pipeline that is simulated: one worker that needs so long for a frame, behind a look-ahead that
/// holds a frame until one so much younger has come.</summary>
public sealed class LatencyGateTests
{
    private const int MaxLatencyMs = 1000;

    /// <summary>Frames that came in before the gate knew how fast the stages are can be late.</summary>
    private const int SettlingMs = 10_000;

    [Fact]
    public void TryEnter_FastPipeline_LetsEveryFrameIn()
    {
        var run = Simulate(Steady(25, 20_000), workMs: 30, lookAheadMs: 400);
        run.Dropped.ShouldBe(0);
        run.WorstLatencyMs.ShouldBeLessThan(500);
    }

    [Theory]
    [InlineData(25, 50, MaxLatencyMs)]
    [InlineData(25, 60, MaxLatencyMs)]
    [InlineData(60, 25, MaxLatencyMs)]
    [InlineData(5, 230, 1200)]
    [InlineData(25, 90, 1450)]
    [InlineData(25, 150, 1200)]
    [InlineData(25, 250, 1200)]
    public void TryEnter_Overload_KeepsLatencyAndThroughput(int framesPerSecond, int workMs, int worstLatencyMs)
    {
        var run = Simulate(Steady(framesPerSecond, 60_000), workMs, lookAheadMs: 400);
        run.Dropped.ShouldBeGreaterThan(0);
        run.WorstLatencyMs.ShouldBeLessThanOrEqualTo(worstLatencyMs);

        // The worker hardly ever runs dry: what is dropped is what it could not have done.
        run.Left.ShouldBeGreaterThan((int)(60_000 / workMs * 0.8));
    }

    [Theory]
    [InlineData(1, 400)]
    [InlineData(2, 400)]
    [InlineData(1, 1500)]
    public void TryEnter_SlowSource_LosesNothing(int framesPerSecond, int lookAheadMs)
    {
        var run = Simulate(Steady(framesPerSecond, 60_000), workMs: 30, lookAheadMs);
        run.Dropped.ShouldBe(0);
    }

    [Theory]
    [InlineData(900)]
    [InlineData(1500)]
    [InlineData(10_000)]
    public void TryEnter_AfterAPauseOfTheSource_LosesNothing(int pauseMs)
    {
        int[] arrivals = [.. Steady(25, 5000), .. Steady(25, 10_000).Select(at => at + 5000 + pauseMs)];
        Simulate(arrivals, workMs: 30, lookAheadMs: 400).Dropped.ShouldBe(0);
    }

    [Fact]
    public void TryEnter_AfterAStageHung_Recovers()
    {
        var run = Simulate(Steady(25, 30_000), workMs: 20, lookAheadMs: 400, hangsAtMs: 5000, hangMs: 4000);
        run.Dropped.ShouldBeInRange(70, 110);
        run.LastDropMs.ShouldBeLessThan(11_000);
    }

    /// <summary>Stages go by the frames' own times: what has arrived far enough apart for the gate may be too close for them.</summary>
    [Fact]
    public void TryEnter_StagesThatHoldMoreThanTheGateKnows_AreGivenAnotherFrame()
    {
        var time = new ManualTime();
        var gate = new LatencyGate(TimeSpan.FromMilliseconds(MaxLatencyMs), TimeSpan.FromMilliseconds(400), time);
        for (var at = 0; at <= 600; at += 200)
        {
            gate.TryEnter(Ticks(at)).ShouldBeTrue();
        }

        // Work of 500 ms is learned from the first two; the rest stays inside.
        time.Advance(TimeSpan.FromMilliseconds(1000));
        gate.Leave(Ticks(0));
        time.Advance(TimeSpan.FromMilliseconds(5000));
        gate.Leave(Ticks(200));
        gate.TryEnter(Ticks(6000)).ShouldBeTrue();
        gate.TryEnter(Ticks(6040)).ShouldBeFalse();
        gate.TryEnter(Ticks(7000)).ShouldBeTrue();
    }

    [Fact]
    public void TryEnter_LookAheadBeyondTheBound_StillMoves()
    {
        var run = Simulate(Steady(25, 30_000), workMs: 10, lookAheadMs: 2000);
        run.Left.ShouldBeGreaterThan(25);
    }

    private static int[] Steady(int framesPerSecond, int durationMs) =>
        [.. Enumerable.Range(0, framesPerSecond * durationMs / 1000).Select(n => n * 1000 / framesPerSecond)];

    private static Outcome Simulate(int[] arrivals, int workMs, int lookAheadMs, int hangsAtMs = int.MaxValue, int hangMs = 0)
    {
        var time = new ManualTime();
        var gate = new LatencyGate(TimeSpan.FromMilliseconds(MaxLatencyMs), TimeSpan.FromMilliseconds(lookAheadMs), time);
        var (waiting, held) = (new Queue<int>(), new Queue<int>());
        var (dropped, left, worst, lastDrop, busyUntil) = (0, 0, 0, 0, 0);
        int? working = null;
        var next = 0;
        for (var now = 0; now < arrivals[^1] + 1; now++)
        {
            time.Advance(TimeSpan.FromMilliseconds(now == 0 ? 0 : 1));
            if (working is { } done && now >= busyUntil)
            {
                held.Enqueue(done);
                working = null;
                while (held.TryPeek(out var oldest) && done - oldest >= lookAheadMs)
                {
                    held.Dequeue();
                    gate.Leave(Ticks(oldest));
                    left++;
                    worst = now < SettlingMs ? worst : Math.Max(worst, now - oldest);
                }
            }

            while (next < arrivals.Length && arrivals[next] <= now)
            {
                if (gate.TryEnter(Ticks(arrivals[next])))
                {
                    waiting.Enqueue(arrivals[next]);
                }
                else
                {
                    dropped++;
                    lastDrop = now;
                }

                next++;
            }

            if (working is null && waiting.TryDequeue(out var taken))
            {
                working = taken;
                busyUntil = now + workMs;
                if (now >= hangsAtMs)
                {
                    busyUntil += hangMs;
                    hangsAtMs = int.MaxValue;
                }
            }
        }

        return new Outcome(left, dropped, worst, lastDrop);
    }

    private static long Ticks(int ms) => ms * TimeSpan.TicksPerMillisecond;

    private sealed record Outcome(int Left, int Dropped, int WorstLatencyMs, int LastDropMs);
}
