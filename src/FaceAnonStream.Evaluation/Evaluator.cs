using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Evaluation.Metrics;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Faults;
using FaceAnonStream.Jobs;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Evaluation;

/// <summary>
/// Compares recordings with their anonymised versions. Each clip is read twice, so that no more than a few frames are in
/// memory: the first look finds and follows the faces of the original, the second compares them.
/// </summary>
/// <param name="models">The networks that judge. Borrowed.</param>
public sealed class Evaluator(EvaluationModels models)
{
    /// <summary>More of them would only make the report long.</summary>
    private const int MostUncovered = 100;

    /// <summary>Compares every clip; people are linked across all of them.</summary>
    /// <param name="clips">At least one.</param>
    /// <param name="progress">Counts every frame twice: each clip is read twice.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="FaultException">A clip cannot be read, or the two versions do not fit each other.</exception>
    public async Task<EvaluationReport> EvaluateAsync(
        IReadOnlyList<IClipPair> clips, IProgress<JobProgress> progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentOutOfRangeException.ThrowIfZero(clips.Count, nameof(clips));
        var meter = new FrameMeter(clips, progress);
        var results = new List<ClipResult>();
        foreach (var clip in clips)
        {
            results.Add(await EvaluateAsync(results.Count, clip, meter, ct).ConfigureAwait(false));
        }

        return Report(clips, results);
    }

    private async Task<ClipResult> EvaluateAsync(int number, IClipPair clip, FrameMeter meter, CancellationToken ct)
    {
        ClipFaces faces;
        await using (var original = clip.OpenOriginal())
        {
            faces = await ClipSurvey.SurveyAsync(original, models.DetectorFor(original.Format), meter.Count, ct).ConfigureAwait(false);
        }

        await using var before = clip.OpenOriginal();
        await using var after = clip.OpenAnonymised();
        if ((before.Format.Width, before.Format.Height) != (after.Format.Width, after.Format.Height))
        {
            throw new FaultException(
                FaultOrigin.Source,
                $"{clip.Name}: the original has {before.Format.Width}x{before.Format.Height} pixels, the anonymised version "
                + $"{after.Format.Width}x{after.Format.Height}; allowed the same size");
        }

        using var listed = clip.ListedFrames is { } frames ? new ListedFaceLookup(frames) : null;
        return await new ClipMeasuring(number, clip.Name, faces, listed, models).MeasureAsync(before, after, meter.Count, ct).ConfigureAwait(false);
    }

    private EvaluationReport Report(IReadOnlyList<IClipPair> clips, List<ClipResult> results)
    {
        var samples = IdentitySamples.Collect(results);
        var faces = results.SelectMany(result => result.Measurements).ToList();
        var evidence = new Evidence
        {
            Faces = faces,
            Samples = samples,
            Gallery = samples,
            Recognizers = [.. models.Recognizers.Select(one => one.Name)],
            IsListed = clips.All(clip => clip.ListedFrames is not null),
        };
        var total = Break(evidence, clips);
        return new EvaluationReport
        {
            Detector = models.Detector,
            Landmarks = models.Landmarks.Model,
            Recognizers = [.. models.Recognizers.Select(one => one.Model)],
            Clips = clips.Count,
            Frames = results.Sum(result => result.Faces.Frames),
            Tracks = results.Sum(result => result.Faces.Tracks.Count),
            RecognizedTracks = samples.Select(sample => sample.Track).Distinct().Count(),
            People = samples.Select(sample => sample.Person).Distinct().Count(),
            Identity = total.Identity,
            Stability = total.Stability,
            Coverage = total.Coverage,
            Utility = total.Utility,
            Covers = total.Covers,
            Uncovered = [.. faces.Where(face => face.IsUncovered).Take(MostUncovered).Select(face => Describe(clips[face.Clip].Name, face))],
            BySize = total.BySize,
            ByClip = total.ByClip,
            Replaced = evidence.IsListed ? Break(evidence.OfReplaced(), clips) : null,
        };
    }

    /// <summary>The measures of all faces, by size and by clip.</summary>
    private static BrokenDownMeasures Break(Evidence evidence, IReadOnlyList<IClipPair> clips) => new(
        evidence.Of(_ => true),
        [.. Enum.GetValues<FaceSize>().Select(size => new GroupMeasures(size.Key(), evidence.Of(face => face.Size == size)))],
        [.. clips.Select((clip, i) => new GroupMeasures(clip.Name, evidence.Of(face => face.Clip == i)))]);

    private static UncoveredFace Describe(string clip, FaceMeasurement face)
    {
        var box = face.Face.Detection.Box;
        return new UncoveredFace(
            clip,
            face.Face.Frame,
            new PixelRect((int)MathF.Round(box.X), (int)MathF.Round(box.Y), (int)MathF.Round(box.Width), (int)MathF.Round(box.Height)),
            face.Visibility);
    }

    /// <summary>Adds up what was looked at.</summary>
    private sealed class FrameMeter(IReadOnlyList<IClipPair> clips, IProgress<JobProgress> progress)
    {
        private readonly long? _total = clips.Sum(clip => clip.FrameCount is { } count ? 2 * count : null);
        private long _frames;
        private long _faces;

        public void Count(int frames, int faces)
        {
            _frames += frames;
            _faces += faces;
            progress.Report(new JobProgress(_frames, _frames, _total, _faces, 0, 0));
        }
    }
}
