using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.YuNet;

public sealed class ParallelDetectorTests
{
    [Fact]
    public async Task Detect_RealModel_FindsWhatOneDetectorFinds()
    {
        using var clip = await Pictures.DecodeAsync(SharedAssets.Clip("street-walk.mp4"), 376, 208, count: 7);
        var model = new ModelFile(SharedAssets.Model("yunet_n_dynamic.onnx"));
        var options = new DetectOptions { LongSidePx = 376, BatchSize = 7, Threads = 3 };
        using var one = new YuNetDetector(model, options with { Threads = 1 }, ProviderPreference.Cpu);
        using var several = ParallelDetector.Load(model, options, ProviderPreference.Cpu, TimeProvider.System);
        several.ShouldBeOfType<ParallelDetector>();
        several.Model.ShouldBe(one.Model);

        var expected = await one.DetectAsync(clip.Frames, CancellationToken.None);
        var found = await several.DetectAsync(clip.Frames, CancellationToken.None);
        found.Count.ShouldBe(7);
        found.Sum(faces => faces.Count).ShouldBeGreaterThan(12);
        foreach (var (faces, others) in found.Zip(expected))
        {
            faces.Count.ShouldBe(others.Count);
            foreach (var (face, other) in faces.Zip(others))
            {
                // Batches of another size may be summed in another order.
                face.Box.IntersectionOverUnion(other.Box).ShouldBeGreaterThan(0.99f);
                face.Score.ShouldBe(other.Score, 1e-3f);
            }
        }
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    [InlineData(8, 4)]
    [InlineData(9, 4)]
    [InlineData(3, 1)]
    public async Task Detect_AnyNumberOfFrames_AnswersInTheirOrder(int frames, int lanes)
    {
        using var grey = await Pictures.GreyAsync(32, 32, frames);
        using var detector = new ParallelDetector([.. Enumerable.Range(0, lanes).Select(_ => new ScriptedDetector(Numbered))]);
        var found = await detector.DetectAsync(grey.Frames, CancellationToken.None);
        found.Select(faces => faces.ShouldHaveSingleItem().Box.X).ShouldBe(Enumerable.Range(0, frames).Select(i => (float)i));
    }

    [Fact]
    public async Task Detect_FewerFramesThanLanes_LeavesLanesAlone()
    {
        using var grey = await Pictures.GreyAsync(32, 32, count: 2);
        Lane[] lanes = [new(), new(), new()];
        using var detector = new ParallelDetector(lanes);
        var detecting = detector.DetectAsync(grey.Frames, CancellationToken.None).AsTask();
        lanes.Select(lane => lane.FrameCount).ShouldBe([1, 1, 0]);
        lanes[1].Finish();
        lanes[0].Finish();
        (await detecting).Select(faces => faces[0].Box.X).ShouldBe([0f, 1f]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Detect_OneLaneFails_FailsWhenAllLanesHaveLetGoOfTheirFrames(int failing, int working)
    {
        using var grey = await Pictures.GreyAsync(32, 32, count: 4);
        Lane[] lanes = [new(), new()];
        using var detector = new ParallelDetector(lanes);
        var detecting = detector.DetectAsync(grey.Frames, CancellationToken.None).AsTask();

        lanes[failing].Fail(new FaultException(FaultOrigin.Model, "injected lane fault"));
        detecting.IsCompleted.ShouldBeFalse("the other lane still reads its frames");
        lanes[working].Finish();
        (await Should.ThrowAsync<FaultException>(() => detecting)).Message.ShouldBe("injected lane fault");
    }

    [Fact]
    public async Task Detect_Cancelled_IsCancelledNotFailed()
    {
        using var grey = await Pictures.GreyAsync(32, 32, count: 2);
        Lane[] lanes = [new(), new()];
        using var detector = new ParallelDetector(lanes);
        var detecting = detector.DetectAsync(grey.Frames, CancellationToken.None).AsTask();
        lanes[0].Fail(new OperationCanceledException());
        lanes[1].Finish();
        await Should.ThrowAsync<OperationCanceledException>(() => detecting);
    }

    [Fact]
    public void Dispose_DisposesEveryLane()
    {
        Lane[] lanes = [new(), new(), new()];
        new ParallelDetector(lanes).Dispose();
        lanes.ShouldAllBe(lane => lane.IsDisposed);
    }

    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(2, 4, 2)]
    [InlineData(4, 4, 4)]
    [InlineData(8, 3, 3)]
    [InlineData(8, 1, 1)]
    public void Load_OnCpu_MakesALanePerThreadButNoMoreThanABatchHolds(int threads, int batchSize, int lanes)
    {
        var model = new CountedModel(TinyModels.Constant());
        var options = new DetectOptions { Threads = threads, BatchSize = batchSize };
        using var detector = ParallelDetector.Load(model, options, ProviderPreference.Cpu, TimeProvider.System);
        model.Reads.ShouldBe(lanes);
    }

    [Fact]
    public void Load_SeveralCallers_MakesLanesForAllOfThem()
    {
        var model = new CountedModel(TinyModels.Constant());
        var options = new DetectOptions { Threads = 4, BatchSize = 1 };
        using var detector = ParallelDetector.Load(model, options, ProviderPreference.Cpu, TimeProvider.System, callers: 3);
        model.Reads.ShouldBe(3);
    }

    [Fact]
    public async Task Detect_OneLaneManyCallers_LooksAtFramesOfOneFormatTogether()
    {
        using var small = await Pictures.GreyAsync(32, 32, count: 3);
        using var large = await Pictures.GreyAsync(64, 64, count: 1);
        var batches = new List<int>();
        var gate = new TaskCompletionSource();
        using var lane = new Recording(batches, gate.Task);
        using var detector = new ParallelDetector([lane], maxBatch: 8);

        VideoFrame[] order = [small.Frames[0], small.Frames[1], large.Frames[0], small.Frames[2]];
        var asked = order.Select(frame => detector.DetectAsync([frame], CancellationToken.None).AsTask()).ToArray();
        gate.SetResult();
        var found = await Task.WhenAll(asked);
        batches.ShouldBe([1, 2, 1]);
        found.Select(faces => faces.ShouldHaveSingleItem().ShouldHaveSingleItem().Box.Width).ShouldBe([32f, 32f, 64f, 32f]);
    }

    [Fact]
    public void Load_ThreadsLeftToUs_TakesNoMoreThanEight()
    {
        var model = new CountedModel(TinyModels.Constant());
        var options = new DetectOptions { Threads = 0, BatchSize = 64 };
        using var detector = ParallelDetector.Load(model, options, ProviderPreference.Cpu, TimeProvider.System);
        model.Reads.ShouldBe(Math.Min(Environment.ProcessorCount, 8));
    }

    private static IReadOnlyList<FaceDetection> Numbered(VideoFrame frame) => [Faces.At(frame.Index, 0, 8, 8, 0.9f)];

    /// <summary>Notes how many frames come together, and finds a face as large as the frame.</summary>
    private sealed class Recording(List<int> batches, Task gate) : IFaceDetector
    {
        public ModelIdentity Model { get; } = new("lane", new string('0', 64), "CUDA");

        public async ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(IReadOnlyList<VideoFrame> frames, CancellationToken ct)
        {
            batches.Add(frames.Count);
            await gate;
            return [.. frames.Select(frame => (IReadOnlyList<FaceDetection>)[Faces.At(0, 0, frame.Format.Width, frame.Format.Height, 0.9f)])];
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Answers when the test says so.</summary>
    private sealed class Lane : IFaceDetector
    {
        private readonly TaskCompletionSource<IReadOnlyList<IReadOnlyList<FaceDetection>>> _answer = new();
        private IReadOnlyList<VideoFrame> _frames = [];

        public ModelIdentity Model { get; } = new("lane", new string('0', 64), "CPU");

        public int FrameCount => _frames.Count;

        public bool IsDisposed { get; private set; }

        public void Finish() => _answer.SetResult([.. _frames.Select(Numbered)]);

        public void Fail(Exception exception) => _answer.SetException(exception);

        public async ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(IReadOnlyList<VideoFrame> frames, CancellationToken ct)
        {
            _frames = frames;
            return await _answer.Task;
        }

        public void Dispose() => IsDisposed = true;
    }

    /// <summary>Every lane reads the model once.</summary>
    private sealed class CountedModel(ModelSource model) : ModelSource
    {
        public int Reads { get; private set; }

        public override string Name => model.Name;

        public override byte[] Read()
        {
            Reads++;
            return model.Read();
        }
    }
}
