using FaceAnonStream.Cli;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Jobs;
using FaceAnonStream.Kernels;
using FaceAnonStream.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Tests.Cli;

/// <summary>An engine that does what a test says, and remembers what it was asked for.</summary>
internal sealed class FakeEngine : IEngine
{
    public RunRequest? Request { get; private set; }

    public SceneRequest? Composition { get; private set; }

    public LiveRequest? Live { get; private set; }

    /// <summary>What a live stream tells of its ends.</summary>
    public Action<IStreamEvents> Ends { get; init; } = _ => { };

    /// <summary>What makes the streams of a service.</summary>
    public Func<ServiceConfiguration, Task<ILiveStreamFactory>> Streams { get; init; } =
        _ => Task.FromException<ILiveStreamFactory>(new FaultException(FaultOrigin.Model, "no such model"));

    public Func<IProgress<JobProgress>, CancellationToken, Task> Job { get; init; } = (_, _) => Task.CompletedTask;

    public EvaluationRequest? Evaluation { get; private set; }

    public EvaluationReport EvaluationReport { get; init; } = SampleEvaluation;

    public JobReport Report { get; init; } = SampleReport;

    public LiveReport LiveReport { get; init; } = SampleLiveReport;

    public IReadOnlyList<ModelListing> Models { get; init; } = [];

    public ModelFacts? Facts { get; init; }

    public IReadOnlyList<ModelVerdict> Verdicts { get; init; } = [];

    public ModelPaths? Verified { get; private set; }

    public static MediaDescription SampleMedia { get; } = new(
        "street.mp4",
        "mov,mp4",
        1234567,
        16.5,
        new VideoDescription
        {
            Stream = 0,
            Codec = "h264",
            Width = 1920,
            Height = 1080,
            PixelFormat = "yuv420p",
            TimeBase = new Rational(1, 90000),
            FrameRate = new Rational(30000, 1001),
            FrameCount = 480,
            SampleAspectRatio = new Rational(1, 1),
            ColorMatrix = "bt709",
        },
        [new StreamDescription(0, "video", "h264"), new StreamDescription(1, "audio", "aac")]);

    public static JobReport SampleReport { get; } = new()
    {
        Input = SampleMedia,
        Output = new OutputDescription("out.mp4", "mp4", 654321, "libx264"),
        Method = RedactionMethod.Synthetic,
        Frames = new FrameCounts(480, 480),
        Outcomes = new OutcomeCounts(100, 300, 68, 0, 2, 10),
        Faces = new FaceCounts(900, 800, 100, new LevelCounts(770, 100, 0, 5, 25), new FallbackCounts(60, 10, 25, 4, 1, 5)),
        Tracks = [TrackReport.From(new TrackSummary(1, 9000, 99000, 25, 6), new Rational(1, 90000))],
        Failures = [new FailureCount("the detector gave values that are not finite", 10)],
        LookAheadMs = 2000,
        Dropped = [new StreamDrop(1, "audio", "voices identify people")],
        Models = [new ModelIdentity("yunet_n_dynamic.onnx", "104ee26c", "CPU")],
        Timing = new JobTiming(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), 12.5, 38.4),
    };

    public static LiveReport SampleLiveReport { get; } = new()
    {
        Source = "rtsp://***@camera/stream",
        Output = "rtsp://server/anonymised",
        Method = RedactionMethod.Synthetic,
        Width = 1280,
        Height = 720,
        LookAheadMs = 400,
        Frames = new FrameCounts(250, 250),
        Dropped = new DropCounts(3, 2, 40),
        Outcomes = new OutcomeCounts(50, 150, 48, 0, 1, 1),
        Faces = new FaceCounts(400, 350, 50, new LevelCounts(300, 99, 0, 1, 0), new FallbackCounts(60, 10, 25, 4, 0, 1)),
        Reconnects = new ReconnectCounts(2, 1),
        LatencyMs = new LatencyQuantiles(431, 478),
        Failures = [new FailureCount("the detector gave values that are not finite", 1)],
        Models = [new ModelIdentity("yunet_n_dynamic.onnx", "104ee26c", "CPU")],
        Timing = new JobTiming(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), 10, 25),
    };

    public static EvaluationReport SampleEvaluation { get; } = new()
    {
        Detector = new ModelIdentity("yunet_n_dynamic.onnx", "104ee26c", "CPU"),
        Landmarks = new ModelIdentity("embedded landmarks.onnx", "6d5200d9", "CPU"),
        Recognizers = [],
        Clips = 1,
        Frames = 480,
        Tracks = 3,
        RecognizedTracks = 0,
        People = 0,
        Identity = [],
        Stability = new StabilityMeasure
        {
            MeanConsecutiveCosine = [], JitterRatio = 1.25, OriginalJitter = 0.004, AnonymisedJitter = 0.005, JitterFaces = 800,
        },
        Coverage = new CoverageMeasure(900, 7),
        Utility = new UtilityMeasure(0.5, 0.0625, 850),
        Covers = null,
        Replaced = null,
        Uncovered = [new UncoveredFace("street.mp4", 12, new PixelRect(10, 20, 30, 40), new OriginalVisibility(0.9f, 0.8f))],
        BySize = [],
        ByClip = [],
    };

    public async Task<JobReport> RunAsync(RunRequest request, IProgress<JobProgress> progress, CancellationToken ct)
    {
        Request = request;
        await Job(progress, ct);
        return Report;
    }

    public Task<ILiveStreamFactory> LoadStreamsAsync(ServiceConfiguration service) => Streams(service);

    public async Task<LiveReport> StreamAsync(
        LiveRequest request, IStreamEvents? events, IProgress<JobProgress> progress, CancellationToken ending)
    {
        Live = request;
        if (events is not null)
        {
            Ends(events);
        }

        await Job(progress, ending);
        return LiveReport;
    }

    public Task<SceneFacts> ComposeAsync(SceneRequest request, IProgress<JobProgress> progress, CancellationToken ct)
    {
        Composition = request;
        return Task.FromResult(new SceneFacts(request.Scene.People, request.Scene.FrameCount, 7));
    }

    public Task<EvaluationReport> EvaluateAsync(EvaluationRequest request, IProgress<JobProgress> progress, CancellationToken ct)
    {
        Evaluation = request;
        return Task.FromResult(EvaluationReport);
    }

    public Task<MediaDescription> ProbeAsync(string path, CancellationToken ct) => Task.FromResult(SampleMedia with { Path = path });

    public IReadOnlyList<ModelListing> ListModels() => Models;

    public ModelFacts? DescribeModel(string name) => name == Facts?.Listing.Name ? Facts : null;

    public IAsyncEnumerable<ModelVerdict> VerifyModelsAsync(ModelPaths paths, CancellationToken ct)
    {
        Verified = paths;
        return Verdicts.ToAsyncEnumerable();
    }
}
