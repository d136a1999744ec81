using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Detection;

public sealed class DetectStageTests : IDisposable
{
    private static readonly FaceDetection Face = new(new RectF(1, 2, 3, 4), 0.5f);

    private readonly FramePool _pool = new(
        new FrameFormat(8, 8, PixelFormat.FromName("yuv420p"), new YuvColor(YuvMatrix.Bt601, FullRange: false)), 16);

    private readonly Link<VideoFrame> _input = new(16);
    private readonly Link<DetectedFrame> _output = new(16);

    public void Dispose()
    {
        _pool.LiveFrames.ShouldBe(0);
        _pool.Dispose();
    }

    [Theory]
    [InlineData(1, 5, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(2, 5, new[] { 2, 2, 1 })]
    [InlineData(4, 4, new[] { 4 })]
    [InlineData(8, 3, new[] { 3 })]
    public async Task Process_AnyBatchSize_EmitsEveryFrameInOrder(int batchSize, int frames, int[] batches)
    {
        var detector = new FakeDetector((batch, _) => [.. batch.Select(frame => Enumerable.Repeat(Face, (int)frame.Index).ToArray())]);
        var emitted = await RunAsync(detector, frames, new DetectOptions { BatchSize = batchSize });
        emitted.Select(frame => frame.Index).ShouldBe(Enumerable.Range(0, frames).Select(i => (long)i));
        emitted.ShouldAllBe(frame => frame.Faces == frame.Index && frame.Failure == null);
        detector.Batches.ShouldBe(batches);
    }

    [Fact]
    public async Task Process_DetectorThrows_MarksThatBatchAndGoesOn()
    {
        var detector = new FakeDetector((batch, call) =>
            call == 1 ? throw new FaultException(FaultOrigin.Model, "no luck") : AnswerFor(batch));
        var emitted = await RunAsync(detector, 6, new DetectOptions { BatchSize = 2 });
        emitted.Select(frame => frame.Failure).ShouldBe([null, null, "no luck", "no luck", null, null]);
        emitted.Select(frame => frame.Faces).ShouldBe([1, 1, 0, 0, 1, 1]);
    }

    public static TheoryData<string, Func<IReadOnlyList<VideoFrame>, FaceDetection[][]>> BadAnswers => new()
    {
        { "the detector answered for 1 of 2 frames", _ => [[Face]] },
        { "the detector answered for 3 of 2 frames", _ => [[], [], []] },
        { "the detector gave values that are not finite", _ => [[], [Face, Face with { Box = new RectF(0, float.NaN, 1, 1) }]] },
        { "the detector gave values that are not finite", _ => [[Face with { Score = float.PositiveInfinity }], []] },
        { "the detector gave values that are not finite", _ => [[Face with { Points = Point(float.NaN) }], []] },
        { "the detector gave an empty box", _ => [[Face with { Box = new RectF(0, 0, -1, 1) }], []] },
        { "unforeseen", _ => throw new InvalidOperationException("unforeseen") },
    };

    [Theory]
    [MemberData(nameof(BadAnswers), DisableDiscoveryEnumeration = true)]
    public async Task Process_UnusableAnswer_MarksTheFramesAsFailed(string failure, Func<IReadOnlyList<VideoFrame>, FaceDetection[][]> answer)
    {
        var emitted = await RunAsync(new FakeDetector((batch, _) => answer(batch)), 2, new DetectOptions { BatchSize = 2 });
        emitted.Select(frame => frame.Failure).ShouldBe([failure, failure]);
        emitted.ShouldAllBe(frame => frame.Faces == 0);
    }

    [Fact]
    public async Task Process_FailingInARow_FailsTheStage()
    {
        var detector = new FakeDetector((_, _) => throw new FaultException(FaultOrigin.Model, "no luck"));
        var fault = await Should.ThrowAsync<FaultException>(RunAsync(detector, 9, new DetectOptions { BatchSize = 2 }));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe("the detector failed 3 times in a row: no luck");
        detector.Batches.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Process_SuccessBetweenFailures_StartsTheCountAnew()
    {
        var detector = new FakeDetector((batch, call) =>
            call % 3 == 2 ? AnswerFor(batch) : throw new FaultException(FaultOrigin.Model, "no luck"));
        var emitted = await RunAsync(detector, 9, new DetectOptions { BatchSize = 1 });
        emitted.Count(frame => frame.Failure == "no luck").ShouldBe(6);
    }

    [Fact]
    public async Task Flush_DetectorThrows_MarksThePartialBatch()
    {
        var detector = new FakeDetector((_, _) => throw new FaultException(FaultOrigin.Model, "no luck"));
        (await RunAsync(detector, 3, new DetectOptions { BatchSize = 8 })).ShouldAllBe(frame => frame.Failure == "no luck");
    }

    [Fact]
    public async Task Process_Cancelled_PassesTheCancellationOn()
    {
        using var cancellation = new CancellationTokenSource();
        var detector = new FakeDetector((_, _) =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });
        await Should.ThrowAsync<OperationCanceledException>(RunAsync(detector, 3, new DetectOptions { BatchSize = 2 }, cancellation.Token));
    }

    [Fact]
    public async Task Process_OutputAbandoned_LeavesNoFrame()
    {
        _output.Abandon();
        await Should.ThrowAsync<LinkAbandonedException>(
            RunAsync(new FakeDetector((batch, _) => AnswerFor(batch)), 4, new DetectOptions { BatchSize = 3 }));
    }

    [Fact]
    public async Task Dispose_FramesHeldBack_GivesThemBack()
    {
        var stage = new DetectStage(new FakeDetector((batch, _) => AnswerFor(batch)), new DetectOptions { BatchSize = 3 });
        var frame = await _pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        await stage.ProcessAsync(frame, _output, CancellationToken.None);
        _pool.LiveFrames.ShouldBe(1);
        await stage.DisposeAsync();
    }

    private static FaceDetection[][] AnswerFor(IReadOnlyList<VideoFrame> batch) => [.. batch.Select(_ => new[] { Face })];

    private static FivePoints Point(float x)
    {
        var points = new FivePoints();
        points[3] = new(x, 0);
        return points;
    }

    /// <summary>Runs the stage over so many frames and notes what came out.</summary>
    private async Task<List<(long Index, int Faces, string? Failure)>> RunAsync(
        FakeDetector detector, int frames, DetectOptions options, CancellationToken ct = default)
    {
        for (var i = 0; i < frames; i++)
        {
            await _input.SendAsync(await _pool.RentAsync(i, i, new Rational(1, 25), CancellationToken.None), CancellationToken.None);
        }

        _input.Complete();
        try
        {
            await StageRunner.RunAsync(new DetectStage(detector, options), _input, _output, ct);
            var emitted = new List<(long, int, string?)>();
            while (await _output.ReceiveAsync(CancellationToken.None) is { } detected)
            {
                using (detected)
                {
                    emitted.Add((detected.Frame.Index, detected.Faces.Count, detected.Failure));
                }
            }

            return emitted;
        }
        finally
        {
            _output.Abandon();
        }
    }

    private sealed class FakeDetector(Func<IReadOnlyList<VideoFrame>, int, FaceDetection[][]> answer) : IFaceDetector
    {
        public List<int> Batches { get; } = [];

        public ModelIdentity Model { get; } = new("fake", "", "none");

        public async ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(
            IReadOnlyList<VideoFrame> frames, CancellationToken ct)
        {
            Batches.Add(frames.Count);
            await Task.Yield();
            return answer(frames, Batches.Count - 1);
        }

        public void Dispose()
        {
        }
    }
}
