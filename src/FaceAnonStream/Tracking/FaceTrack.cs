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

    /// <summary>Faces of two people are farther apart than this, in sizes: heads are wider than the face boxes in them.</summary>
    private const float MaxSurprise = 0.75f;

    /// <summary>A lost face has often stopped or turned.</summary>
    private const double LossDecaySeconds = 1;

    /// <summary>A face that enters has mostly come straight in.</summary>
    private const double EntryDecaySeconds = 4;

    /// <summary>Observations from which the motion before the first one is estimated.</summary>
    private const int EarlyObservations = 8;

    private readonly TrackOptions _options;
    private readonly BoxSmoother _smoother;
    private readonly List<Observation> _observations = [];
    private TimeSpan _after = TimeSpan.MinValue;
    private TimeSpan _before = TimeSpan.MaxValue;
    private FaceTrack? _arrival;
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

    /// <summary>From 1, in order of first observation.</summary>
    public int Id { get; }

    /// <summary>What was covered so far, or null when nothing was.</summary>
    public TrackSummary? Summary =>
        _firstPts is { } firstPts ? new TrackSummary(Id, firstPts, _lastPts, _observed, _filled) : null;

    private Observation Last => _observations[^1];

    private bool IsConfirmed => _strong >= _options.ConfirmObservations;

    /// <summary>Whether the face has been out of sight for too long to be found again or held.</summary>
    public bool IsLost(FrameTime at) => at.Time >= _before || at.Watched - Last.At.Watched > TimeSpan.FromMilliseconds(_options.HoldMs);

    /// <summary>Where the face should be at a time after its last observation.</summary>
    public TrackPrediction Predict(FrameTime at)
    {
        var unseen = (at.Time - Last.At.Time).TotalSeconds;
        return new TrackPrediction(_filter.Coast(unseen, LossDecaySeconds), unseen);
    }

    /// <summary>Whether a face is surely this track's: it lies where the track would be covered if nothing were seen.</summary>
    public bool Expects(RectF face, FrameTime at)
    {
        var (box, unseen) = Predict(at);
        var held = Grow(box, TimeSpan.FromSeconds(unseen));
        return Math.Abs(face.CenterX - held.CenterX) <= MaxSurprise * held.Width
            && Math.Abs(face.CenterY - held.CenterY) <= MaxSurprise * held.Height;
    }

    /// <summary>A track that covers frames after this one's last observation, as if there came no other.</summary>
    /// <param name="id">Its own.</param>
    public FaceTrack Departure(int id) =>
        new(id, Last, _options, _smoother) { _filter = _filter, _isWeak = _isWeak, _after = Last.At.Time };

    /// <summary>A track that covers frames before this one's last observation, as if there were none before. It learns from
    /// those that come.</summary>
    /// <param name="id">Its own.</param>
    public FaceTrack Arrival(int id) => _arrival = new(id, Last, _options, _smoother) { _before = Last.At.Time };

    /// <summary>Adds a later observation.</summary>
    public void Add(Observation observation)
    {
        _filter = _filter.Predict((observation.At.Time - Last.At.Time).TotalSeconds).Update(observation.Box);
        _isWeak = false;
        Keep(observation);
        if (_arrival is { _observations.Count: < EarlyObservations } arrival)
        {
            arrival.Add(observation);
        }
    }

    /// <summary>The face to cover in a frame, by all that is known now, or null when there is none.</summary>
    public TrackedFace? CoverAt(FrameTime at, FrameFormat picture)
    {
        if (at.Time <= _after || at.Time >= _before)
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
            0 => BeforeFirst(at),
            _ when next == observations.Length => AfterLast(at),
            _ => Between(observations, next - 1, at),
        };
        return unseen is { } time && IsNear(box, picture)
            ? new TrackedFace(Id, Grow(box, time), Evidence.Filled, Score: 0, IsConfirmed)
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

    /// <summary>Tracks the first observations backwards in time and coasts on from there.</summary>
    private (RectF Box, TimeSpan? Unseen) BeforeFirst(FrameTime at)
    {
        var unseen = _observations[0].At.Time - at.Time;
        if (unseen > Limit(_options.BackFillMs))
        {
            return default;
        }

        var latest = Math.Min(EarlyObservations, _observations.Count) - 1;
        var filter = KalmanBox.Start(_observations[latest].Box);
        for (var i = latest; i > 0; i--)
        {
            var step = _observations[i].At.Time - _observations[i - 1].At.Time;
            filter = filter.Predict(step.TotalSeconds).Update(_observations[i - 1].Box);
        }

        return (filter.Coast(unseen.TotalSeconds, EntryDecaySeconds), unseen);
    }

    /// <summary>Between two observations; the middle, farthest from both, is the least certain.</summary>
    private (RectF Box, TimeSpan? Unseen) Between(ReadOnlySpan<Observation> observations, int before, FrameTime at)
    {
        var since = at.Time - observations[before].At.Time;
        var until = observations[before + 1].At.Time - at.Time;
        var from = BoxSpace.ToVector(_smoother.Smooth(observations, before));
        var to = BoxSpace.ToVector(_smoother.Smooth(observations, before + 1));
        var box = BoxSpace.ToBox(from + ((to - from) * (since / (since + until))));
        return (box, since < until ? since : until);
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
