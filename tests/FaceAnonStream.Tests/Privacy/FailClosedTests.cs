using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>P1: with a fault injected at every stage, no original face pixel reaches the sink, and nothing leaks.</summary>
public sealed class FailClosedTests
{
    private const int FrameCount = 60;
    private static readonly FrameFormat Format = NoiseFace.Format;

    [Fact]
    public async Task Run_NothingFails_CoversTheFaceInEveryFrameAndNothingElse()
    {
        var (result, sink) = await RunAsync(NoiseFace.Detector());
        result.Frames.ShouldBe(new FrameCounts(FrameCount, FrameCount));
        result.Outcomes.Mosaic.ShouldBe(FrameCount);
        sink.IsComplete.ShouldBeTrue();
        NoiseFace.ShouldBeGone(sink);
        foreach (var frame in sink.Frames)
        {
            // The corner far from the face is bit for bit the original.
            frame.Bytes.AsSpan(0, 20).SequenceEqual(MemorySource.Original(Format, frame.Index).AsSpan(0, 20)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("not finite")]
    [InlineData("wrong count")]
    public async Task Run_DetectorFailsOnce_ThatFrameIsSolidAndSaysSo(string kind)
    {
        var (result, sink) = await RunAsync(FailsAt(kind, index => index == 20));
        result.Outcomes.WholeFrame.ShouldBe(1);
        result.Outcomes.Total().ShouldBe(FrameCount);
        result.Failures.ShouldHaveSingleItem().Count.ShouldBe(1);
        NoiseFace.ShouldBeGone(sink);
        AssertOneColour(sink.Frames[20].Bytes);
    }

    [Fact]
    public async Task Run_DetectorFailsOnABatch_ItsFramesAreSolid()
    {
        var (result, sink) = await RunAsync(FailsAt("throws", index => index == 20), batchSize: 4);
        result.Outcomes.WholeFrame.ShouldBe(4);
        NoiseFace.ShouldBeGone(sink);
        sink.Frames[20..24].ForEach(frame => AssertOneColour(frame.Bytes));
    }

    [Fact]
    public async Task Run_DetectorKeepsFailing_EndsTheJobWithoutOutput()
    {
        var sink = new MemorySink();
        var fault = await Should.ThrowAsync<FaultException>(() => RunAsync(FailsAt("throws", index => index >= 20), sink: sink));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        sink.IsComplete.ShouldBeFalse();
        NoiseFace.ShouldBeGone(sink);
    }

    [Fact]
    public async Task Run_FirstRungFails_FallsBackToTheNext()
    {
        var ladder = new RedactionLadder([new BrokenCover(), new CellFieldCover(OutcomeKind.Solid, new RedactOptions(), default)], default);
        var (result, sink) = await RunAsync(NoiseFace.Detector(), ladder);
        result.Outcomes.Solid.ShouldBe(FrameCount);
        result.Failures.ShouldHaveSingleItem().Count.ShouldBe(FrameCount);
        NoiseFace.ShouldBeGone(sink);
    }

    [Fact]
    public async Task Run_EveryRungFails_MakesWholeFramesSolid()
    {
        var (result, sink) = await RunAsync(NoiseFace.Detector(), new RedactionLadder([new BrokenCover()], SolidColor.FromHex("#505050", Format)));
        result.Outcomes.WholeFrame.ShouldBe(FrameCount);
        result.Faces.ByLevel.WholeFrame.ShouldBe(FrameCount);
        NoiseFace.ShouldBeGone(sink);
        sink.Frames.ForEach(frame => AssertOneColour(frame.Bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(59)]
    public async Task Run_SourceFails_ReportsItAndCompletesNothing(int frame)
    {
        var sink = new MemorySink();
        var fault = await Should.ThrowAsync<FaultException>(() => RunAsync(NoiseFace.Detector(), sink: sink, sourceFailsAt: frame));
        fault.Message.ShouldBe("injected source fault");
        sink.IsComplete.ShouldBeFalse();
        NoiseFace.ShouldBeGone(sink);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public async Task Run_SinkFails_ReportsItAndCompletesNothing(int frame)
    {
        var sink = new MemorySink(failAt: frame);
        var fault = await Should.ThrowAsync<FaultException>(() => RunAsync(NoiseFace.Detector(), sink: sink));
        fault.Message.ShouldBe("injected sink fault");
        sink.IsComplete.ShouldBeFalse();
        NoiseFace.ShouldBeGone(sink);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(50)]
    public async Task Run_Cancelled_CompletesNothing(int frame)
    {
        using var cancellation = new CancellationTokenSource();
        var sink = new MemorySink();
        var detector = new ScriptedDetector(video =>
        {
            if (video.Index == frame)
            {
                cancellation.Cancel();
            }

            return [new FaceDetection(NoiseFace.Box, 0.9f)];
        });
        await Should.ThrowAsync<OperationCanceledException>(() => RunAsync(detector, sink: sink, ct: cancellation.Token));
        sink.IsComplete.ShouldBeFalse();
        NoiseFace.ShouldBeGone(sink);
    }

    [Theory]
    [InlineData(RedactionMethod.Mosaic, "yuv420p")]
    [InlineData(RedactionMethod.Blur, "yuv420p")]
    [InlineData(RedactionMethod.Solid, "yuv420p")]
    [InlineData(RedactionMethod.Mosaic, "yuv444p10le")]
    [InlineData(RedactionMethod.Blur, "yuv422p10le")]
    [InlineData(RedactionMethod.Solid, "yuv420p10le")]
    [InlineData(RedactionMethod.Blur, "yuv444p")]
    public async Task Run_EveryMethodAndLayout_LeavesNoOriginalPixel(RedactionMethod method, string pixelFormat)
    {
        var format = Formats.Of(192, 144, pixelFormat);
        var ladder = RedactionLadder.For(new RedactOptions { Method = method }, format);
        var (_, sink) = await RunAsync(NoiseFace.Detector(), ladder, format: format);
        NoiseFace.ShouldBeGone(sink, format);
    }

    [Theory]
    [InlineData(PrivacyLevel.Strong, "yuv420p")]
    [InlineData(PrivacyLevel.Natural, "yuv420p")]
    [InlineData(PrivacyLevel.Strong, "yuv444p")]
    [InlineData(PrivacyLevel.Natural, "yuv422p")]
    [InlineData(PrivacyLevel.Natural, "yuv420p10le")]
    [InlineData(PrivacyLevel.Strong, "yuv422p10le")]
    [InlineData(PrivacyLevel.Natural, "yuv444p10le")]
    public async Task Run_SyntheticInEveryLayout_LeavesNoOriginalPixel(PrivacyLevel privacy, string pixelFormat)
    {
        var result = await new SynthesisRig { Privacy = privacy, Format = Formats.Of(192, 144, pixelFormat) }.RunAsync();
        result.Faces.ByLevel.Synthetic.ShouldBe(FrameCount);
    }

    private static FailingDetector FailsAt(string kind, Func<long, bool> fails) => new FailingDetector(kind, fails);

    private static async Task<(JobResult Result, MemorySink Sink)> RunAsync(
        IFaceDetector detector,
        RedactionLadder? ladder = null,
        MemorySink? sink = null,
        int? sourceFailsAt = null,
        FrameFormat? format = null,
        int batchSize = 1,
        CancellationToken ct = default)
    {
        format ??= Format;
        sink ??= new MemorySink();
        var budget = new FrameBudget(PoolFrames: 24, WindowFrames: 12);
        using var pool = new FramePool(format, budget.PoolFrames);
        var source = new MemorySource(pool, FrameCount, sourceFailsAt);
        ladder ??= RedactionLadder.For(new RedactOptions(), format);
        var job = new AnonymizationJob(source, detector, ladder, sink, new DetectOptions { BatchSize = batchSize }, new TrackOptions(), budget, FrameCount);
        try
        {
            return (await job.RunAsync(ct), sink);
        }
        finally
        {
            pool.LiveFrames.ShouldBe(0, "every frame goes back to the pool, whatever happens");
        }
    }

    private static void AssertOneColour(byte[] bytes)
    {
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            bytes[Format.PlaneOffset(plane)..Format.PlaneOffset(plane + 1)].Distinct().Count().ShouldBe(1);
        }
    }

    private sealed class BrokenCover : IFaceCover
    {
        public OutcomeKind Kind => OutcomeKind.Mosaic;

        public void Cover(VideoFrame frame, in TrackedFace face, FaceDrawing? drawing) => throw new InvalidOperationException("injected cover fault");
    }

    private sealed class FailingDetector(string kind, Func<long, bool> fails) : IFaceDetector
    {
        public ModelIdentity Model { get; } = new("failing", new string('0', 64), "CPU");

        public ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(IReadOnlyList<VideoFrame> frames, CancellationToken ct)
        {
            if (!frames.Any(frame => fails(frame.Index)))
            {
                return new([.. frames.Select(_ => (IReadOnlyList<FaceDetection>)[new FaceDetection(NoiseFace.Box, 0.9f)])]);
            }

            return kind switch
            {
                "throws" => throw new FaultException(FaultOrigin.Model, "injected detector fault"),
                "not finite" => new([.. frames.Select(_ => (IReadOnlyList<FaceDetection>)[new FaceDetection(new RectF(float.NaN, 0, 1, 1), 0.9f)])]),
                _ => new([]),
            };
        }

        public void Dispose()
        {
        }
    }
}
