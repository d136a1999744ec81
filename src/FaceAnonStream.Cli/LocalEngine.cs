using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Jobs;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Cli;

/// <summary>Runs jobs in this process, with ffmpeg beside it.</summary>
internal sealed class LocalEngine(TimeProvider time, ModelFolders folders) : IEngine
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(200);

    public async Task<JobReport> RunAsync(RunRequest request, IProgress<JobProgress> progress, CancellationToken ct)
    {
        var startedAt = time.GetUtcNow();
        var start = time.GetTimestamp();
        var options = request.Options;
        var container = FileFormats.ForOutput(request.Output, options.Media.VideoCodec);

        // The detector loads while ffprobe looks at the file and ffmpeg starts.
        var loading = Task.Run(() => LoadDetector(request), CancellationToken.None);
        MediaInput input;
        CompanionStreams companions;
        ModelIdentity model;
        JobResult result;
        int lookAheadMs;
        try
        {
            input = await MediaProbe.ProbeAsync(request.Input, options.Media, time, ct);
            companions = CompanionStreams.Choose(input, options.Media.Audio, container);
            var format = input.Video.Format;
            var budget = FrameBudget.For(
                format, input.Video.FrameRate, (long)options.Media.FrameMemoryMb << 20, options.Detect, options.Track);
            lookAheadMs = budget.LookAheadMs(input.Video.FrameRate, options.Track);
            using var pool = new FramePool(format, budget.PoolFrames);
            await using var source = FileSource.Open(input, pool, options.Media, time);
            await using var sink = FileSink.Create(input, companions, container, request.Output, request.Overwrite, options.Media, time);
            var detector = await loading;
            model = detector.Model;
            var ladder = RedactionLadder.For(options.Redact, format);
            var job = new AnonymizationJob(
                source, detector, ladder, sink, options.Detect, options.Track, budget, input.Video.FrameCount);
            result = await RunAsync(job, progress, ct);
        }
        finally
        {
            await ReleaseAsync(loading);
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
            Models = [model],
            Timing = new JobTiming(startedAt, seconds, result.Frames.Emitted / seconds),
        };
    }

    public async Task<MediaDescription> ProbeAsync(string path, CancellationToken ct) =>
        (await MediaProbe.ProbeAsync(path, new MediaOptions(), time, ct)).Describe();

    public IReadOnlyList<InstalledModel> ListModels() =>
    [
        .. DetectorCatalog.Installed(folders).Select(model => new InstalledModel(
            model.Name, model.Task, model.Sha256, model.IsPublished, model.Licence, model.Path)),
    ];

    private IFaceDetector LoadDetector(RunRequest request) => ParallelDetector.Load(
        DetectorCatalog.Resolve(request.DetectorPath, folders), request.Options.Detect, ProviderPreference.Auto, time);

    private static async Task ReleaseAsync(Task<IFaceDetector> loading)
    {
        // A failure to load is told where the detector is needed, unless something else failed before.
        await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsCompletedSuccessfully)
        {
            (await loading).Dispose();
        }
    }

    private async Task<JobResult> RunAsync(AnonymizationJob job, IProgress<JobProgress> progress, CancellationToken ct)
    {
        var running = job.RunAsync(ct);
        while (!running.IsCompleted)
        {
            progress.Report(job.Progress);
            await Task.WhenAny(running, Task.Delay(ProgressPeriod, time, CancellationToken.None));
        }

        progress.Report(job.Progress);
        return await running;
    }
}
