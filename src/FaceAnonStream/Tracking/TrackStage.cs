using FaceAnonStream.Detection;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tracking;

/// <summary>
/// Joins detections into tracks and says what to cover in every frame, with a short look into the future: frames are held
/// back until the newest is <see cref="TrackOptions.LookAheadMs"/> ahead of the oldest.
/// <para>Whatever was seen is covered where it was seen, whatever its score. A track is also covered before its first, in
/// the gaps between and after its last observation, by boxes that grow with the time to the nearest observation. Where a
/// track goes on with a face that it did not expect, both are covered that it may have been: the one that was lost and the one
/// that was found.</para>
/// <para>Frames leave in the order in which they came, none added, none lost. A frame that the detector could not look at,
/// or answered for with boxes that cannot be faces, leaves with a failure, so that it becomes solid.</para>
/// </summary>
public sealed class TrackStage : IStage<DetectedFrame, TrackedFrame>
{
    /// <summary>A larger box, in widths or heights of the frame, cannot be a face.</summary>
    public const int MaxFrames = 4;

    private readonly TrackOptions _options;
    private readonly TimeSpan _lookAhead;
    private readonly int _maxWindowFrames;
    private readonly int _maxSummaries;
    private readonly BoxSmoother _smoother;
    private readonly FrameClock _clock = new();
    private readonly Queue<HeldFrame> _window = [];
    private readonly List<FaceTrack> _tracks = [];
    private readonly List<TrackSummary> _finished = [];
    private FrameTime _newest;
    private int _lastId;

    /// <param name="options">Settings, already validated.</param>
    /// <param name="maxWindowFrames">Frames held at most, at least 1, whatever the look-ahead: the frame pool's budget.</param>
    /// <param name="maxSummaries">Finished tracks remembered at most: a live stream has no end of them.</param>
    public TrackStage(TrackOptions options, int maxWindowFrames, int maxSummaries = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWindowFrames, 1);
        _options = options;
        _lookAhead = TimeSpan.FromMilliseconds(options.LookAheadMs);
        _maxWindowFrames = maxWindowFrames;
        _maxSummaries = maxSummaries;
        _smoother = new BoxSmoother(TimeSpan.FromMilliseconds(options.SmoothingMs));
    }

    /// <summary>Tracks that are covered or can be found again.</summary>
    public int LiveTracks => _tracks.Count;

    /// <summary>
    /// Every track (up to the limit, the first ones) that covered at least one emitted frame, by id. One that was never observed
    /// covered what a track that jumped may have left or found. A finished track costs some 60 bytes for the rest of the job. To be read from the
    /// stage's own flow or after its end.
    /// </summary>
    public IReadOnlyList<TrackSummary> Summaries =>
        [.. _finished.Concat(_tracks.Select(track => track.Summary).OfType<TrackSummary>()).OrderBy(summary => summary.Id)];

    public ValueTask OpenAsync(CancellationToken ct) => ValueTask.CompletedTask;

    public async ValueTask ProcessAsync(DetectedFrame item, Link<TrackedFrame> output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(item);
        var failure = item.Failure ?? FailureOf(item);
        _newest = _clock.Next(item.Frame, watched: failure is null);
        _window.Enqueue(new HeldFrame(item.Frame, _newest, failure));
        if (failure is null)
        {
            Observe(item);
        }

        while (_window.TryPeek(out var oldest)
            && (_window.Count >= _maxWindowFrames || _newest.Time - oldest.At.Time >= _lookAhead))
        {
            await EmitOldestAsync(output, ct).ConfigureAwait(false);
        }
    }

    public async ValueTask FlushAsync(Link<TrackedFrame> output, CancellationToken ct)
    {
        while (_window.Count > 0)
        {
            await EmitOldestAsync(output, ct).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        while (_window.TryDequeue(out var held))
        {
            held.Frame.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static string? FailureOf(DetectedFrame item)
    {
        if (!item.Faces.All(face => face.Box.IsFinite && float.IsFinite(face.Score)))
        {
            return "detector gave values that are not finite";
        }

        var format = item.Frame.Format;
        return item.Faces.All(face =>
            face.Box.Width > 0 && face.Box.Width <= MaxFrames * format.Width
            && face.Box.Height > 0 && face.Box.Height <= MaxFrames * format.Height)
            ? null
            : "detector gave boxes that cannot be faces";
    }

    private void Observe(DetectedFrame item)
    {
        var faces = item.Faces
            .Where(face => FaceTrack.IsNear(face.Box, item.Frame.Format))
            .Select(face => face with { Box = AtLeastOnePixel(face.Box) })
            .ToList();
        var candidates = _tracks.Where(track => !track.IsLost(_newest)).ToList();
        var trackOf = Association.Match(candidates.ConvertAll(track => track.Predict(_newest)), faces, _options.HighScore);
        for (var i = 0; i < faces.Count; i++)
        {
            var observation = new Observation(_newest, faces[i].Box, faces[i].Score);
            if (trackOf[i] < 0)
            {
                _tracks.Add(new FaceTrack(++_lastId, observation, _options, _smoother));
                continue;
            }

            Continue(candidates[trackOf[i]], observation);
        }
    }

    private void Continue(FaceTrack track, Observation observation)
    {
        if (track.Expects(observation.Box, observation.At))
        {
            track.Add(observation);
            return;
        }

        _tracks.Add(track.Departure(++_lastId));
        track.Add(observation);
        _tracks.Add(track.Arrival(++_lastId));
    }

    /// <summary>Noise is relative to size: a box far smaller than a pixel would count as certain.</summary>
    private static RectF AtLeastOnePixel(RectF box) =>
        box.Width >= 1 && box.Height >= 1
            ? box
            : RectF.FromCenter(box.CenterX, box.CenterY, Math.Max(box.Width, 1), Math.Max(box.Height, 1));

    private ValueTask EmitOldestAsync(Link<TrackedFrame> output, CancellationToken ct)
    {
        var held = _window.Peek();
        var faces = new List<TrackedFace>();
        foreach (var track in _tracks)
        {
            if (track.CoverAt(held.At, held.Frame.Format) is { } face)
            {
                track.Count(face, held.Frame.Pts);
                faces.Add(face);
            }

            track.Forget(held.At);
        }

        var ended = _tracks.FindAll(track => track.IsLost(held.At));
        _finished.AddRange(ended.Select(track => track.Summary).OfType<TrackSummary>().Take(_maxSummaries - _finished.Count));
        _tracks.RemoveAll(track => track.IsLost(held.At));
        _window.Dequeue();
        var tracked = new TrackedFrame(held.Frame, faces, held.Failure) { EndedTracks = ended.ConvertAll(track => track.Id) };
        return output.SendAsync(tracked, ct);
    }

    private readonly record struct HeldFrame(VideoFrame Frame, FrameTime At, string? Failure);
}
