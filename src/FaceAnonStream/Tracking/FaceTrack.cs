using System.Runtime.InteropServices;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tracking;

/// <summary>
/// One face through time. It keeps the observations of the window and a few before it, and counters: its memory does not
/// grow with its length.
/// </summary>
public sealed class FaceTrack
{
    /// <summary>A box grows by at most this share of its size: beyond, it would cover the scene and still not the face.</summary>
    public const double MaxGrowth = 2;

    /// <summary>A face seen once and weakly is covered for this share of the usual time before and after.</summary>
    public const double WeakHoldShare = 1.0 / 3;

    /// <summary>A head is at most this many times as large as the face box in it.</summary>
    private const float HeadPerFace = 2;

    /// <summary>A lost face has often stopped or turned.</summary>
    private const double LossDecaySeconds = 1;

    /// <summary>A face that enters has mostly come straight in.</summary>
    private const double EntryDecaySeconds = 4;

    /// <summary>Observations from which the motion before the first one is estimated.</summary>
    private const int EarlyObservations = 8;

    private readonly TrackOptions _options;
    private readonly BoxSmoother _smoother;
    private readonly List<Observation> _observations = [];
    private readonly TimeSpan _since = TimeSpan.MinValue;
    private KalmanBox _filter;
    private bool _isWeak;
    private int _strong;
    private long? _firstPts;
    private long _lastPts;
    private int _observed;
    private int _filled;

    public FaceTrack(int id, Observation first, TrackOptions options, BoxSmoother smoother)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(smoother);
        Id = id;
        _options = options;
        _smoother = smoother;
        _filter = KalmanBox.Start(first.Box);
        _isWeak = first.Score < options.HighScore;
        Keep(first);
    }

    private FaceTrack(int id, FaceTrack left)
    {
        Id = id;
        _options = left._options;
        _smoother = left._smoother;
        _filter = left._filter;
        _isWeak = left._isWeak;
        _since = left.Last.At.Time;
        _observations.Add(left.Last);
    }

    /// <summary>From 1, in order of first observation.</summary>
    public int Id { get; }

    /// <summary>What was covered so far, or null when nothing was.</summary>
    public TrackSummary? Summary =>
        _firstPts is { } firstPts ? new TrackSummary(Id, firstPts, _lastPts, _observed, _filled) : null;

    private Observation Last => _observations[^1];

    private bool IsConfirmed => _strong >= _options.ConfirmObservations;

    /// <summary>Whether the face has been out of sight for too long to be found again or held.</summary>
    public bool IsLost(FrameTime at) => at.Watched - Last.At.Watched > TimeSpan.FromMilliseconds(_options.HoldMs);

    /// <summary>Where the face should be at a time after its last observation.</summary>
    public TrackPrediction Predict(FrameTime at)
    {
        var unseen = (at.Time - Last.At.Time).TotalSeconds;
        return new TrackPrediction(_filter.Coast(unseen, LossDecaySeconds), unseen);
    }

    /// <summary>Whether a face's centre lies within what would be covered if nothing were seen.</summary>
    public bool Expects(RectF face, FrameTime at)
    {
        var (box, unseen) = Predict(at);
        var held = Grow(box, TimeSpan.FromSeconds(unseen));
        return Math.Abs(face.CenterX - held.CenterX) <= held.Width / 2 && Math.Abs(face.CenterY - held.CenterY) <= held.Height / 2;
    }

    /// <summary>
    /// A track that holds the place where this one's face was last seen, to be asked for before the track goes on with a face
    /// that it did not expect: should that be another one, the first is still there.
    /// </summary>
    /// <param name="id">Its own.</param>
    public FaceTrack LeaveBehind(int id) => new(id, this);

    /// <summary>Adds a later observation.</summary>
    public void Add(Observation observation)
    {
        _filter = _filter.Predict((observation.At.Time - Last.At.Time).TotalSeconds).Update(observation.Box);
        _isWeak = false;
        Keep(observation);
    }

    /// <summary>The face to cover in a frame, by all that is known now, or null when there is none.</summary>
    public TrackedFace? CoverAt(FrameTime at, FrameFormat picture)
    {
        if (at.Time <= _since)
        {
            return null;
        }

        var observations = CollectionsMarshal.AsSpan(_observations);
        var next = 0;
        while (next < observations.Length && observations[next].At.Time < at.Time)
        {
            next++;
        }

        if (next < observations.Length && observations[next].At.Time == at.Time)
        {
            var seen = observations[next];
            return new TrackedFace(Id, _smoother.Smooth(observations, next).Union(seen.Box), Evidence.Observed, seen.Score, IsConfirmed);
        }

        var (box, unseen) = next switch
        {
            0 => Before(next, at),
            _ when next == observations.Length => AfterLast(at),
            _ => Between(observations, next - 1, at),
        };
        var isSure = next == observations.Length || !observations[next].IsJump;
        return unseen is { } time && IsNear(box, picture)
            ? new TrackedFace(Id, Grow(box, time), Evidence.Filled, Score: 0, IsConfirmed && isSure)
            : null;
    }

    /// <summary>Counts a covered frame.</summary>
    public void Count(TrackedFace face, long pts)
    {
        _firstPts ??= pts;
        _lastPts = pts;
        if (face.Evidence == Evidence.Observed)
        {
            _observed++;
        }
        else
        {
            _filled++;
        }
    }

    /// <summary>Drops observations that frames after <paramref name="emitted"/> do not need.</summary>
    public void Forget(FrameTime emitted)
    {
        var lastPast = _observations.FindLastIndex(observation => observation.At.Time <= emitted.Time);
        if (lastPast >= 0)
        {
            var oldest = _observations[lastPast].At.Time - _smoother.Reach;
            _observations.RemoveRange(0, _observations.FindIndex(observation => observation.At.Time >= oldest));
        }
    }

    /// <summary>Whether any of the head around a face box can be in the picture.</summary>
    public static bool IsNear(RectF face, FrameFormat picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var head = face.Scale(HeadPerFace);
        return head.Right > 0 && head.Bottom > 0 && head.X < picture.Width && head.Y < picture.Height;
    }

    private void Keep(Observation observation)
    {
        _observations.Add(observation);
        _strong += observation.Score >= _options.HighScore ? 1 : 0;
    }

    /// <summary>Tracks observations from one on backwards in time and coasts on from there.</summary>
    private (RectF Box, TimeSpan? Unseen) Before(int first, FrameTime at)
    {
        var unseen = _observations[first].At.Time - at.Time;
        if (unseen > Limit(_options.BackFillMs))
        {
            return default;
        }

        var latest = Math.Min(first + EarlyObservations, _observations.Count) - 1;
        var filter = KalmanBox.Start(_observations[latest].Box);
        for (var i = latest; i > first; i--)
        {
            var step = _observations[i].At.Time - _observations[i - 1].At.Time;
            filter = filter.Predict(step.TotalSeconds).Update(_observations[i - 1].Box);
        }

        return (filter.Coast(unseen.TotalSeconds, EntryDecaySeconds), unseen);
    }

    /// <summary>Between two observations; the middle, farthest from both, is the least certain. Where the second may be of a face
    /// that was not seen before, that one is covered as it would be alone.</summary>
    private (RectF Box, TimeSpan? Unseen) Between(ReadOnlySpan<Observation> observations, int before, FrameTime at)
    {
        var since = at.Time - observations[before].At.Time;
        var until = observations[before + 1].At.Time - at.Time;
        var from = BoxSpace.ToVector(_smoother.Smooth(observations, before));
        var to = BoxSpace.ToVector(_smoother.Smooth(observations, before + 1));
        var box = BoxSpace.ToBox(from + ((to - from) * (since / (since + until))));
        return observations[before + 1].IsJump && Before(before + 1, at) is (var entering, { } early)
            ? (box.Union(entering), early)
            : (box, since < until ? since : until);
    }

    /// <summary>Frames that the detector could not look at do not use up the hold.</summary>
    private (RectF Box, TimeSpan? Unseen) AfterLast(FrameTime at) =>
        at.Watched - Last.At.Watched <= Limit(_options.HoldMs)
            ? (Predict(at).Box, at.Time - Last.At.Time)
            : default;

    private TimeSpan Limit(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds) * (_isWeak ? WeakHoldShare : 1);

    private RectF Grow(RectF box, TimeSpan unseen) =>
        box.Scale((float)(1 + Math.Min(unseen.TotalSeconds * _options.GrowthPerSecond, MaxGrowth)));
}
