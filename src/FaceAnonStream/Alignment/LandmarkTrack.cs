using System.Numerics;
using System.Runtime.InteropServices;
using FaceAnonStream.Frames;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Alignment;

/// <summary>
/// The landmarks of one track within the window. Good readings, and short failures between them, make runs; a face is
/// drawn within runs that are long enough, and smoothed by the readings of its run only.
/// </summary>
/// <param name="options">Settings.</param>
/// <param name="pointCount">Landmarks of a face.</param>
/// <param name="seesAhead">Whether later readings will be there when a frame is asked for.</param>
internal sealed class LandmarkTrack(AlignOptions options, int pointCount, bool seesAhead)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan _bridge = TimeSpan.FromMilliseconds(options.BridgeMs);
    private readonly TimeSpan _recover = TimeSpan.FromMilliseconds(options.RecoverMs);
    private readonly LandmarkSmoother _smoother = new(options, pointCount);
    private readonly List<LandmarkSample> _samples = [];
    private TimeSpan? _hopeSince;
    private TimeSpan? _goodUntil;
    private TimeSpan? _drawnUntil;
    private FallbackReason _lastFallback = FallbackReason.UnusableLandmarks;

    /// <summary>How far the face was tilted when it was last seen well, in radians; 0 when it was not.</summary>
    public float Tilt => _samples.Count > 0 && _samples[^1].IsGood ? _samples[^1].Placement.Roll : 0;

    /// <summary>Why the face has given no good reading for so long that looking at it in every frame is not worth its time
    /// (it is turned away, most likely); null when it is.</summary>
    public FallbackReason? WhyHopeless(TimeSpan at) => at - (_hopeSince ?? at) > Patience ? _samples[^1].Fallback : null;

    /// <summary>Adds what is known of the track's face in a later frame.</summary>
    /// <param name="frame">Number of the frame.</param>
    /// <param name="at">Its time.</param>
    /// <param name="box">The face's box.</param>
    /// <param name="glance">What was read.</param>
    public void Add(long frame, TimeSpan at, RectF box, in FaceGlance glance)
    {
        _hopeSince = glance.Fallback is null ? at : _hopeSince ?? at;
        if (glance.Fallback is { } reason)
        {
            _samples.Add(new LandmarkSample(frame, at, box, default, [], IsSure: false, reason));
            return;
        }

        var shape = new Vector2[pointCount];
        glance.Placement.ToShape(glance.Points.Span, shape);
        var before = _samples.FindLast(sample => sample.IsGood)?.Placement.Roll ?? 0;
        var roll = before + MathF.IEEERemainder(glance.Placement.Roll - before, MathF.Tau);
        _samples.Add(new LandmarkSample(frame, at, box, glance.Placement with { Roll = roll }, shape, glance.IsSure, null));
    }

    /// <summary>How the face lies in a frame, by all that is known now. To be asked once for each frame, in order.</summary>
    /// <param name="frame">Number of a frame that was added.</param>
    public FaceAlignment At(long frame)
    {
        var index = _samples.FindIndex(sample => sample.Frame == frame);
        var sample = _samples[index];
        if (RunAround(index) is not (var first, var last))
        {
            return Fallen(sample.Fallback ?? _lastFallback);
        }

        var continues = _samples[first].At <= _goodUntil;
        _goodUntil = sample.At;
        // To be smoothed by its past alone, a face must have one: also while it may not be drawn yet.
        var points = seesAhead
            ? _smoother.Smooth(CollectionsMarshal.AsSpan(_samples)[first..(last + 1)], index - first)
            : _smoother.Follow(sample, continues);
        if (_samples[first].At <= _drawnUntil || IsConvincing(first, last))
        {
            _drawnUntil = sample.At;
            return FaceAlignment.Of(points);
        }

        return Fallen(_lastFallback);
    }

    /// <summary>Whether nothing has come for so long that no later frame needs what is here.</summary>
    /// <param name="emitted">Time of the last frame that was asked for.</param>
    public bool IsStale(TimeSpan emitted) => _samples[^1].At < emitted - Memory;

    /// <summary>Drops what frames after <paramref name="emitted"/> do not need.</summary>
    public void Forget(TimeSpan emitted)
    {
        // However slow the frames come, the last good reading tells whether the face was drawn.
        var good = _samples.FindLastIndex(sample => sample.At <= emitted && sample.IsGood);
        var needed = _samples.FindIndex(sample => sample.At >= emitted - Memory);
        _samples.RemoveRange(0, good < 0 ? needed : Math.Min(needed, good));
    }

    private TimeSpan Memory => TimeSpan.FromTicks(Math.Max(_smoother.Reach.Ticks, Math.Max(_bridge.Ticks, _recover.Ticks)));

    private FaceAlignment Fallen(FallbackReason reason)
    {
        _lastFallback = reason;
        return FaceAlignment.Fallen(reason);
    }

    /// <summary>Whether a run is long enough, and some reading in it sure enough: a pattern on a shirt that is taken for a
    /// face gives readings, but no sure ones.</summary>
    private bool IsConvincing(int first, int last) =>
        _samples[last].At - _samples[first].At >= _recover && _samples[first..(last + 1)].Exists(sample => sample.IsSure);

    /// <summary>The first and last good reading of the run that a sample is in; null when it is in none.</summary>
    private (int First, int Last)? RunAround(int index)
    {
        var first = _samples.FindLastIndex(index, sample => sample.IsGood);
        var last = _samples.FindIndex(index, sample => sample.IsGood);
        if (first < 0 || last < 0 || !AreJoined(first, last))
        {
            return null;
        }

        for (var before = Before(first); before >= 0 && AreJoined(before, first); before = Before(first))
        {
            first = before;
        }

        for (var after = After(last); after >= 0 && AreJoined(last, after); after = After(last))
        {
            last = after;
        }

        return (first, last);

        int Before(int i) => i == 0 ? -1 : _samples.FindLastIndex(i - 1, sample => sample.IsGood);

        int After(int i) => i + 1 == _samples.Count ? -1 : _samples.FindIndex(i + 1, sample => sample.IsGood);
    }

    /// <summary>Whether two good readings with none between them belong to one run: they follow each other, or all that lies
    /// between is a short time in which nothing was seen.</summary>
    private bool AreJoined(int from, int to)
    {
        var isShort = _samples[to].At - _samples[from].At <= _bridge;
        return _samples[to].Frame - _samples[from].Frame <= 1
            || (seesAhead && isShort && _samples[(from + 1)..to].TrueForAll(sample => sample.IsBlind));
    }
}
