using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Evaluation;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Evaluation.Networks;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Jobs;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Models;

namespace FaceAnonStream.Cli;

/// <summary>Evaluates recordings in this process, with ffmpeg beside it.</summary>
internal sealed class LocalEvaluation(ModelCatalog catalog, TimeProvider time)
{
    public async Task<EvaluationReport> RunAsync(EvaluationRequest request, IProgress<JobProgress> progress, CancellationToken ct)
    {
        // Everything that can be refused is refused before hours are spent.
        using var models = LoadModels(request);
        var clips = new List<FileClipPair>();
        foreach (var paths in request.Clips)
        {
            clips.Add(await FileClipPair.ProbeAsync(paths, time, ct));
        }

        return await new Evaluator(models).EvaluateAsync(clips, progress, ct);
    }

    private EvaluationModels LoadModels(EvaluationRequest request)
    {
        var detector = catalog.Resolve(ModelTask.FaceDetection, request.DetectorPath).Graph;
        var loaded = new List<IDisposable>();
        try
        {
            var landmarks = LandmarkModel.Load(catalog, request.LandmarksPath, time);
            loaded.Add(landmarks);
            foreach (var path in request.Recognizers)
            {
                loaded.Add(Recognizer.Load(path, time));
            }

            return new EvaluationModels(
                format => EvaluationModels.LoadDetector(detector, format, time), landmarks, [.. loaded.OfType<Recognizer>()]);
        }
        catch
        {
            loaded.ForEach(model => model.Dispose());
            throw;
        }
    }

    /// <summary>Two files that fit each other.</summary>
    private sealed class FileClipPair : IClipPair
    {
        private readonly MediaInput _original;
        private readonly MediaInput _anonymised;
        private readonly TimeProvider _time;

        private FileClipPair(ClipPaths paths, MediaInput original, MediaInput anonymised, TimeProvider time)
        {
            (Name, _original, _anonymised, _time) = (paths.Name, original, anonymised, time);
            ListedFrames = paths.Faces is { } list ? FaceLogReader.Read(list) : null;
        }

        public string Name { get; }

        public IEnumerable<ListedFrame>? ListedFrames { get; }

        public long? FrameCount => _original.Video.FrameCount;

        public static async Task<FileClipPair> ProbeAsync(ClipPaths paths, TimeProvider time, CancellationToken ct)
        {
            var original = await MediaProbe.ProbeAsync(paths.Original, new MediaOptions(), time, ct);
            var anonymised = await MediaProbe.ProbeAsync(paths.Anonymised, new MediaOptions(), time, ct);
            var (before, after) = (original.Video.Format, anonymised.Video.Format);
            return (before.Width, before.Height) == (after.Width, after.Height)
                ? new FileClipPair(paths, original, anonymised, time)
                : throw new FaultException(
                    FaultOrigin.Source,
                    $"{paths.Anonymised}: {after.Width}x{after.Height} pixels; allowed {before.Width}x{before.Height}, as {paths.Original} has");
        }

        public IVideoSource OpenOriginal() => new PooledSource(_original, _time);

        public IVideoSource OpenAnonymised() => new PooledSource(_anonymised, _time);
    }

    /// <summary>A file's frames, with a pool of their own.</summary>
    private sealed class PooledSource : IVideoSource
    {
        private readonly FramePool _pool;
        private readonly FileSource _source;

        public PooledSource(MediaInput input, TimeProvider time)
        {
            _pool = new FramePool(input.Video.Format, EvaluationModels.BatchSize + 1);
            _source = FileSource.Open(input, _pool, new MediaOptions(), time);
        }

        public FrameFormat Format => _source.Format;

        public Rational TimeBase => _source.TimeBase;

        public ValueTask<VideoFrame?> ReadAsync(CancellationToken ct) => _source.ReadAsync(ct);

        public async ValueTask DisposeAsync()
        {
            await _source.DisposeAsync();
            _pool.Dispose();
        }
    }
}
