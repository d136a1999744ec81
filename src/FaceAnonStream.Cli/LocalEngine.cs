using System.Runtime.CompilerServices;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Verification;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Models;
using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Cli;

/// <summary>Runs jobs in this process, with ffmpeg beside it.</summary>
internal sealed class LocalEngine(TimeProvider time, ModelFolders folders) : IEngine
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(200);

    private readonly ModelCatalog _catalog = new(folders);

    public async Task<JobReport> RunAsync(RunRequest request, IProgress<JobProgress> progress, CancellationToken ct)
    {
        var startedAt = time.GetUtcNow();
        var start = time.GetTimestamp();
        var options = request.Options;
        var container = FileFormats.ForOutput(request.Output, options.Media.VideoCodec);

        // Models load while ffprobe looks at the file and ffmpeg starts.
        var loading = Task.Run(() => LoadDetector(request), CancellationToken.None);
        var synthesising = options.Redact.Method == RedactionMethod.Synthetic
            ? Task.Run(() => SynthesisModels.LoadAsync(_catalog, request.Models, request.KeyPath, options, time), CancellationToken.None)
            : null;
        MediaInput input;
        CompanionStreams companions;
        List<ModelIdentity> models;
        JobResult result;
        int lookAheadMs;
        try
        {
            input = await MediaProbe.ProbeAsync(request.Input, options.Media, time, ct);
            companions = CompanionStreams.Choose(input, options.Media.Audio, container);
            var format = input.Video.Format;
            var budget = FrameBudget.For(
                format,
                input.Video.FrameRate,
                (long)options.Media.FrameMemoryMb << 20,
                options.Detect,
                options.Track,
                synthesising is null ? null : options.Align);
            lookAheadMs = budget.LookAheadMs(input.Video.FrameRate, options.Track);
            using var pool = new FramePool(format, budget.PoolFrames);
            await using var source = FileSource.Open(input, pool, options.Media, time);
            await using var sink = FileSink.Create(input, companions, container, request.Output, request.Overwrite, options.Media, time);
            using var faceLog = request.FacesPath is { } facesPath ? FaceLog.Create(facesPath) : null;
            var detector = await loading;
            models = [detector.Model];
            Synthesis? synthesis = null;
            if (synthesising is not null)
            {
                var synthesisModels = await synthesising;
                models.AddRange(synthesisModels.Models);
                synthesis = synthesisModels.For(Path.GetFileName(request.Input), options);
            }

            var ladder = RedactionLadder.For(options.Redact, format);
            var job = new AnonymizationJob(
                source, detector, ladder, sink, options.Detect, options.Track, budget, input.Video.FrameCount, synthesis, faceLog is null ? null : faceLog.Add);
            result = await WatchAsync(job.RunAsync(ct), () => job.Progress, progress);
            faceLog?.Complete();
        }
        finally
        {
            await ReleaseAsync(loading);
            await ReleaseAsync(synthesising);
        }

        var seconds = time.GetElapsedTime(start).TotalSeconds;
        return new JobReport
        {
            Input = input.Describe(),
            Output = new OutputDescription(request.Output, container.Muxer, new FileInfo(request.Output).Length, options.Media.VideoCodec),
            Method = options.Redact.Method,
            Frames = result.Frames,
            Outcomes = result.Outcomes,
            Faces = result.Faces,
            LookAheadMs = lookAheadMs,
            Tracks = [.. result.Tracks.Select(track => TrackReport.From(track, input.Video.TimeBase))],
            Failures = result.Failures,
            Dropped = [.. companions.Omitted.Select(omission => new StreamDrop(omission.Stream.Index, omission.Stream.Kind.Word(), omission.Reason))],
            Models = models,
            Timing = new JobTiming(startedAt, seconds, result.Frames.Emitted / seconds),
        };
    }

    public async Task<LiveReport> StreamAsync(
        LiveRequest request, IStreamEvents? events, IProgress<JobProgress> progress, CancellationToken ending)
    {
        var options = request.Stream.Options;
        await using var models = new LiveModels(_catalog, request.Models, request.KeyPath, options, time);
        using var faceLog = request.FacesPath is { } facesPath ? FaceLog.Create(facesPath) : null;
        using var telemetry = new StreamTelemetry(request.Stream.Name, time);
        await using var stream = new LiveStream(
            request.Stream, models, telemetry, time, FirstConnection.Once, events, faceLog is null ? null : faceLog.Add);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ending);
        using var abort = new CancellationTokenSource();

        // What was read before the end is still to be anonymised and written; a sink that hangs must not keep us.
        using var patience = end.Token.Register(() => abort.CancelAfter(options.Live.MaxLatencyMs + (2 * options.Media.StopGraceMs)));
        var running = stream.RunAsync(end.Token, abort.Token);
        if (request.Duration is { } duration)
        {
            await Task.WhenAny(stream.Connected, running);
            end.CancelAfter(duration);
        }

        var report = await WatchAsync(running, () => stream.Progress, progress);
        faceLog?.Complete();
        return report;
    }

    public Task<ILiveStreamFactory> LoadStreamsAsync(ServiceConfiguration service) =>
        LiveStreamFactory.LoadAsync(_catalog, service, time);

    public Task<SceneFacts> ComposeAsync(SceneRequest request, IProgress<JobProgress> progress, CancellationToken ct)
    {
        var model = SceneModel.Of(_catalog.Resolve(ModelTask.FaceGeneration, request.GeneratorPath));
        return new SceneComposer(time).ComposeAsync(request, model, progress, ct);
    }

    public Task<EvaluationReport> EvaluateAsync(EvaluationRequest request, IProgress<JobProgress> progress, CancellationToken ct) =>
        new LocalEvaluation(_catalog, time).RunAsync(request, progress, ct);

    public async Task<MediaDescription> ProbeAsync(string path, CancellationToken ct) =>
        (await MediaProbe.ProbeAsync(path, new MediaOptions(), time, ct)).Describe();

    public IReadOnlyList<ModelListing> ListModels() => _catalog.List();

    public ModelFacts? DescribeModel(string name) =>
        _catalog.Models.FirstOrDefault(model => model.Name == name) is { } model
            ? new ModelFacts(
                _catalog.List().First(listing => listing.Name == name), model.Manifest, model.Known?.Publisher, model.Origin?.ReadCard())
            : null;

    public async IAsyncEnumerable<ModelVerdict> VerifyModelsAsync(ModelPaths paths, [EnumeratorCancellation] CancellationToken ct)
    {
        (ModelTask Task, string? Path)[] asked =
        [
            (ModelTask.FaceDetection, paths.Detector),
            (ModelTask.FaceLandmarks, paths.Landmarks),
            (ModelTask.FaceGeneration, paths.Generator),
        ];
        if (asked.All(file => file.Path is null))
        {
            foreach (var model in _catalog.Models)
            {
                yield return await VerifyAsync(model.Name, model.Path, () => model, ct);
            }
        }

        foreach (var (task, path) in asked.Where(file => file.Path is not null))
        {
            yield return await VerifyAsync(Path.GetFileName(path!), path, () => _catalog.Resolve(task, path), ct);
        }
    }

    private async Task<ModelVerdict> VerifyAsync(string name, string? path, Func<CatalogModel> find, CancellationToken ct)
    {
        try
        {
            await ModelVerifier.VerifyAsync(find(), time, ct);
            return new ModelVerdict(name, path, null);
        }
        catch (FaultException fault) when (fault.Origin != FaultOrigin.Node)
        {
            return new ModelVerdict(name, path, fault.Message);
        }
    }

    private IFaceDetector LoadDetector(RunRequest request) => ParallelDetector.Load(
        _catalog.Resolve(ModelTask.FaceDetection, request.Models.Detector).Graph, request.Options.Detect, ProviderPreference.Auto, time);

    private static async Task ReleaseAsync<T>(Task<T>? loading)
        where T : IDisposable
    {
        if (loading is null)
        {
            return;
        }

        // A failure to load is told where the model is needed, unless something else failed before.
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully)
        {
            (await loading).Dispose();
        }
    }

    private async Task<T> WatchAsync<T>(Task<T> running, Func<JobProgress> snapshot, IProgress<JobProgress> progress)
    {
        while (!running.IsCompleted)
        {
            progress.Report(snapshot());
            await Task.WhenAny(running, Task.Delay(ProgressPeriod, time, CancellationToken.None));
        }

        progress.Report(snapshot());
        return await running;
    }
}
