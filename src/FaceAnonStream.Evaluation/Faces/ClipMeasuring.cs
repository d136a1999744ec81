using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Networks;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>What the recognisers see of one face: a unit vector for each of them.</summary>
internal sealed record SeenIdentity(float[][] Original, float[][] Anonymised);

/// <summary>What one clip gives.</summary>
/// <param name="Faces">Its original's faces.</param>
/// <param name="Plan">Which of them the recognisers saw.</param>
/// <param name="Measurements">One for each face.</param>
/// <param name="Identities">By the index of the face.</param>
internal sealed record ClipResult(
    ClipFaces Faces, SamplePlan Plan, IReadOnlyList<FaceMeasurement> Measurements, IReadOnlyDictionary<int, SeenIdentity> Identities);

/// <summary>Second look at a clip: compares every face of the original with the same place of the output.</summary>
/// <param name="clip">Its number.</param>
/// <param name="name">How reports call it.</param>
/// <param name="faces">The original's faces.</param>
/// <param name="listed">What the anonymiser says of them; null when that is not known. Borrowed.</param>
/// <param name="models">The networks that judge. Borrowed.</param>
internal sealed class ClipMeasuring(int clip, string name, ClipFaces faces, ListedFaceLookup? listed, EvaluationModels models)
{
    private const float SameFace = 0.4f;

    private readonly SamplePlan _plan = new(faces);
    private readonly FaceMeasurement[] _measurements = new FaceMeasurement[faces.Faces.Count];
    private readonly Dictionary<int, SeenIdentity> _identities = [];
    private readonly JitterMeter _jitter = new();
    private int _next;

    /// <param name="original">The original. Borrowed.</param>
    /// <param name="anonymised">The output. Borrowed.</param>
    /// <param name="seen">Told how many more frames and faces were looked at.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Source"/>: they have different numbers of frames, or the
    /// list does not fit them.</exception>
    public async Task<ClipResult> MeasureAsync(
        IVideoSource original, IVideoSource anonymised, Action<int, int> seen, CancellationToken ct)
    {
        for (var first = 0; ; first += EvaluationModels.BatchSize)
        {
            using var before = await FrameBatch.ReadAsync(original, first, EvaluationModels.BatchSize, ct).ConfigureAwait(false);
            using var after = await FrameBatch.ReadAsync(anonymised, first, EvaluationModels.BatchSize, ct).ConfigureAwait(false);
            await ThrowIfUnequalAsync(before, after, anonymised, ct).ConfigureAwait(false);
            if (before.Frames.Count > 0)
            {
                var known = _next;
                await MeasureAsync(before, after, ct).ConfigureAwait(false);
                seen(before.Frames.Count, _next - known);
            }

            if (before.Frames.Count < EvaluationModels.BatchSize)
            {
                listed?.Finish(name, faces.Frames);
                return new ClipResult(faces, _plan, _measurements, _identities);
            }
        }
    }

    private async Task MeasureAsync(FrameBatch before, FrameBatch after, CancellationToken ct)
    {
        var found = await models.DetectorFor(after.Frames[0].Format).DetectAsync(after.Frames, ct).ConfigureAwait(false);
        var first = _next;
        while (_next < faces.Faces.Count && faces.Faces[_next].Frame < before.First + before.Frames.Count)
        {
            _next++;
        }

        var views = new FaceView[_next - first];
        await Parallel.ForAsync(0, views.Length, ct, (i, _) =>
        {
            var frame = faces.Faces[first + i].Frame - before.First;
            views[i] = Look(first + i, before.Frames[frame], after.Frames[frame], found[frame]);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        await FollowLandmarksAsync(views, ct).ConfigureAwait(false);
        await EmbedAsync([.. views.Where(view => view.ForRecognizers.Count > 0)], ct).ConfigureAwait(false);
    }

    /// <summary>Everything that needs the frames' pixels.</summary>
    private FaceView Look(int index, VideoFrame before, VideoFrame after, IReadOnlyList<FaceDetection> found)
    {
        var face = faces.Faces[index].Detection;
        return new FaceView(
            index,
            OriginalVisibility.Of(before, after, face),
            found.Any(other => other.Box.IntersectionOverUnion(face.Box) > SameFace),
            models.Landmarks.Crop(before, face),
            models.Landmarks.Crop(after, face),
            _plan.Embedded.Contains(index)
                ? [.. models.Recognizers.Select(one => new FacePair(one.Crop(before, face.Points), one.Crop(after, face.Points)))]
                : []);
    }

    private async Task FollowLandmarksAsync(FaceView[] views, CancellationToken ct)
    {
        var original = await models.Landmarks.FindAsync([.. views.Select(view => view.OriginalCrop)], ct).ConfigureAwait(false);
        var anonymised = await models.Landmarks.FindAsync([.. views.Select(view => view.AnonymisedCrop)], ct).ConfigureAwait(false);
        for (var i = 0; i < views.Length; i++)
        {
            var (index, face) = (views[i].Index, faces.Faces[views[i].Index]);
            _measurements[index] = new FaceMeasurement
            {
                Clip = clip,
                Face = face,
                Size = FaceSizes.Of(face.Detection.SidePx()),
                Listed = listed?.Find(face),
                Visibility = views[i].Visibility,
                IsFoundAgain = views[i].IsFoundAgain,
                HasLandmarks = original[i].IsUsable,
                LandmarkDistance = original[i].Points.Zip(anonymised[i].Points, Vector2.Distance).Average() / face.Detection.SidePx(),
            };
            var trusted = original[i].IsUsable ? original[i].Points : null;
            if (_jitter.Add(index, face, trusted, anonymised[i].Points, _measurements[index].IsReplaced) is var (middle, jitter))
            {
                _measurements[middle] = _measurements[middle] with { Jitter = jitter };
            }
        }
    }

    private async Task EmbedAsync(FaceView[] views, CancellationToken ct)
    {
        foreach (var view in views)
        {
            _identities[view.Index] = new SeenIdentity(new float[models.Recognizers.Count][], new float[models.Recognizers.Count][]);
        }

        for (var i = 0; i < models.Recognizers.Count; i++)
        {
            var pairs = views.Select(view => view.ForRecognizers[i]).ToList();
            var vectors = await models.Recognizers[i].EmbedAsync(
                [.. pairs.Select(pair => pair.Original), .. pairs.Select(pair => pair.Anonymised)], ct).ConfigureAwait(false);
            for (var k = 0; k < views.Length; k++)
            {
                _identities[views[k].Index].Original[i] = vectors[k];
                _identities[views[k].Index].Anonymised[i] = vectors[views.Length + k];
            }
        }
    }

    private async Task ThrowIfUnequalAsync(FrameBatch before, FrameBatch after, IVideoSource anonymised, CancellationToken ct)
    {
        var count = after.First + after.Frames.Count;
        if (after.Frames.Count == EvaluationModels.BatchSize && before.Frames.Count < after.Frames.Count)
        {
            while (await anonymised.ReadAsync(ct).ConfigureAwait(false) is { } frame)
            {
                frame.Dispose();
                count++;
            }
        }

        if (before.Frames.Count != after.Frames.Count)
        {
            throw new FaultException(
                FaultOrigin.Source, $"{name}: the original has {faces.Frames} frames, the anonymised version {count}; allowed the same number");
        }
    }

    /// <summary>One face in both pictures.</summary>
    private sealed record FaceView(
        int Index, OriginalVisibility Visibility, bool IsFoundAgain, LandmarkCrop OriginalCrop, LandmarkCrop AnonymisedCrop, IReadOnlyList<FacePair> ForRecognizers);

    private sealed record FacePair(RgbCrop Original, RgbCrop Anonymised);
}
