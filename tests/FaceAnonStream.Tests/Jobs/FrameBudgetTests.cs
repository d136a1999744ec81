using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Jobs;

/// <summary>P4: frames in memory are bounded, and the bound never stops the job.</summary>
public sealed class FrameBudgetTests
{
    /// <summary>Far longer than the job takes; reached only when every stage waits for another one.</summary>
    private static readonly TimeSpan Deadlock = TimeSpan.FromSeconds(30);

    [Fact]
    public void For_AnyJob_LeavesRoomForABatchBesideTheWindows() => Holds(asked =>
    {
        var budget = asked.Budget;
        budget.WindowFrames.ShouldBeGreaterThanOrEqualTo(1, asked.ToString());
        budget.AlignFrames.ShouldBeInRange(asked.AlignMs is null ? 0 : 1, asked.AlignMs is null ? 0 : int.MaxValue, asked.ToString());
        (budget.WindowFrames + budget.AlignFrames + asked.BatchSize).ShouldBeLessThan(budget.PoolFrames, asked.ToString());
    });

    [Fact]
    public void For_AnyJob_KeepsToTheMemoryUnlessTheLeastDoesNotFit() => Holds(asked =>
    {
        var least = asked.BatchSize + (asked.AlignMs is null ? 3 : 4);
        var affordable = asked.MemoryBytes / asked.Format.SizeBytes;
        ((long)asked.Budget.PoolFrames).ShouldBeLessThanOrEqualTo(Math.Max(least, affordable), asked.ToString());
    });

    [Fact]
    public void For_LargestFrameThatIsAllowed_KeepsToTheMemory() => Holds(asked =>
    {
        if (asked.Format.SizeBytes <= asked.LargestFrame)
        {
            ((long)asked.Budget.PoolFrames * asked.Format.SizeBytes).ShouldBeLessThanOrEqualTo(asked.MemoryBytes, asked.ToString());
        }
        else
        {
            ((long)asked.Budget.PoolFrames * asked.Format.SizeBytes).ShouldBeGreaterThan(asked.MemoryBytes, asked.ToString());
        }
    });

    [Fact]
    public void For_MoreMemory_NeverLooksLessFarAhead() => Holds(asked =>
    {
        var more = (asked with { MemoryBytes = asked.MemoryBytes * 2 }).Budget;
        more.WindowFrames.ShouldBeGreaterThanOrEqualTo(asked.Budget.WindowFrames, asked.ToString());
        more.AlignFrames.ShouldBeGreaterThanOrEqualTo(asked.Budget.AlignFrames, asked.ToString());
        more.PoolFrames.ShouldBeGreaterThanOrEqualTo(asked.Budget.PoolFrames, asked.ToString());
    });

    [Theory]
    [InlineData(2000, 25, 50, 300, 8)]
    [InlineData(400, 60, 24, 500, 30)]
    [InlineData(0, 30, 0, 0, 0)]
    public void For_AmpleMemory_HoldsBothWholeLookAheads(int lookAheadMs, int frameRate, int frames, int alignMs, int alignFrames)
    {
        var budget = new Asked(Formats.Of(1920, 1080), new Rational(frameRate, 1), 64L << 30, 4, lookAheadMs, alignMs).Budget;
        budget.WindowFrames.ShouldBeGreaterThan(frames);
        budget.AlignFrames.ShouldBeGreaterThan(alignFrames);
    }

    [Theory]
    [InlineData(64L << 30, 25, 700, 300)]
    [InlineData(64L << 30, 90000, 700, 300)]
    [InlineData(64L << 30, 1, 700, 300)]
    [InlineData(60L << 20, 25, 280, 160)]
    public void LookAhead_BothOrOne_IsWhatMemoryLeavesOfThem(long memoryBytes, int frameRate, int bothMs, int trackMs)
    {
        var rate = new Rational(frameRate, 1);
        var (track, align) = (new TrackOptions { LookAheadMs = 300 }, new AlignOptions { LookAheadMs = 400 });
        var budget = FrameBudget.For(Formats.Of(1920, 1080), rate, memoryBytes, new DetectOptions { BatchSize = 1 }, track, align);
        (budget.LookAheadMs(rate, track, align), budget.LookAheadMs(rate, track)).ShouldBe((bothMs, trackMs));
    }

    [Fact]
    public void For_AmpleMemory_TakesNoMoreThanTheLookAheadNeeds()
    {
        var asked = new Asked(Formats.Of(1920, 1080), new Rational(25, 1), 1L << 32, 4, 2000, 300);
        (asked with { MemoryBytes = 1L << 40 }).Budget.ShouldBe(asked.Budget);
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(16, 15)]
    [InlineData(16, 16)]
    [InlineData(16, 17)]
    [InlineData(16, 100)]
    [InlineData(64, 150)]
    public async Task Run_LeastBudget_FinishesEveryFrame(int batchSize, int frames)
    {
        var format = Formats.Of(96, 72);
        var detect = new DetectOptions { BatchSize = batchSize };
        var budget = FrameBudget.For(format, new Rational(25, 1), memoryBytes: 1, detect, new TrackOptions());
        budget.ShouldBe(new FrameBudget(batchSize + 3, 1));

        using var pool = new FramePool(format, budget.PoolFrames);
        var source = new MemorySource(pool, frames);
        await using var sink = new MemorySink();
        using var detector = new ScriptedDetector(_ => [new FaceDetection(new RectF(30, 20, 20, 24), 0.9f)]);
        var ladder = RedactionLadder.For(new RedactOptions(), format);
        var job = new AnonymizationJob(source, detector, ladder, sink, detect, new TrackOptions(), budget, frames);

        using var stuck = new CancellationTokenSource(Deadlock);
        var result = await job.RunAsync(stuck.Token);
        result.Frames.ShouldBe(new FrameCounts(frames, frames));
        result.Outcomes.Mosaic.ShouldBe(frames);
        pool.LiveFrames.ShouldBe(0);
    }

    private static void Holds(Action<Asked> property) => Check.QuickThrowOnFailure(Prop.ForAll(Asked.Any, property));

    /// <summary>What a budget is asked for.</summary>
    private sealed record Asked(FrameFormat Format, Rational FrameRate, long MemoryBytes, int BatchSize, int LookAheadMs, int? AlignMs)
    {
        /// <summary>From a thumbnail to the largest frame, from one byte of memory to a terabyte.</summary>
        public static Arbitrary<Asked> Any { get; } = (
            from width in Gen.Elements(1, 2, 320, 1920, 4096, FrameFormat.MaxSide)
            from height in Gen.Elements(1, 2, 240, 1080, 2160, FrameFormat.MaxSide)
            from layout in Gen.Elements(PixelFormat.All.Select(format => format.Name).ToArray())
            from rate in Gen.Choose(1, 240_000)
            from magnitude in Gen.Choose(0, 39)
            from mantissa in Gen.Choose(8, 15)
            from batch in Gen.Choose(1, 64)
            from lookAhead in Gen.Choose(0, 10_000)
            from align in Gen.Elements<int?>(null, 0, 1, 300, 2000)
            select new Asked(Formats.Of(width, height, layout), new Rational(rate, 1001), ((long)mantissa << magnitude) / 8, batch, lookAhead, align))
            .ToArbitrary();

        public FrameBudget Budget => FrameBudget.For(Format, FrameRate, MemoryBytes, Detect, new TrackOptions { LookAheadMs = LookAheadMs }, Align);

        public long LargestFrame => FrameBudget.LargestFrame(MemoryBytes, Detect, Align);

        private DetectOptions Detect => new() { BatchSize = BatchSize };

        private AlignOptions? Align => AlignMs is { } ms ? new AlignOptions { LookAheadMs = ms } : null;
    }
}
