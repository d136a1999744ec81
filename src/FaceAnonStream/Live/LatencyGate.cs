namespace FaceAnonStream.Live;

/// <summary>
/// The entrance of a live stream: lets a frame in only while it can be expected to leave in time. It learns from the frames that
/// leave how much later than its predecessor a frame is done. One that finds so many inside will take as many times as long
/// (Little's law).
/// <para>Where stages are too slow, frames are let in at their pace, so that what a look-ahead holds is spread evenly over it.
/// Late are only frames that were inside when the stages became slower. Where nothing inside can leave, because the look-ahead is
/// not yet spanned, a frame comes in whatever is expected of it, and so does one that comes the longest latency after the newest: so
/// neither a slow source, nor a pause, nor times that differ from arrival close the gate for good.</para>
/// Frames leave in the order in which they came. One thread asks, another tells.
/// </summary>
public sealed class LatencyGate
{
    /// <summary>Part of the bound to plan with; the rest is for stages that are not always equally fast.</summary>
    private const double Share = 0.7;

    /// <summary>While stages keep up, what is known of the work is the time of all stages together, though they work on several
    /// frames at a time: then so much more than is planned with may be expected.</summary>
    private const double Trust = 1.25;

    /// <summary>Frames are let in a little faster than the stages work, so that these never run dry.</summary>
    private const double Pace = 0.95;

    /// <summary>Weight of the newest frame in what is known of the work: some ten frames make up the mean.</summary>
    private const double Weight = 0.1;

    private readonly Lock _lock = new();
    private readonly Queue<long> _inside = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _maxLatency;
    private readonly TimeSpan _bound;
    private readonly TimeSpan _lookAhead;
    private TimeSpan? _work;
    private TimeSpan _early;
    private bool _isBehind;
    private long _newest;
    private (long ArrivedAt, long At)? _left;

    /// <param name="maxLatency">Longest time inside, the look-ahead included.</param>
    /// <param name="lookAhead">How much younger a frame must have come in before one leaves.</param>
    /// <param name="time">Whose timestamps frames arrive with.</param>
    public LatencyGate(TimeSpan maxLatency, TimeSpan lookAhead, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxLatency, TimeSpan.Zero);
        _time = time;
        _maxLatency = maxLatency;
        _bound = maxLatency * Share;
        _lookAhead = lookAhead;
    }

    /// <summary>Whether a frame that arrived now may come in. It counts as inside when this says yes.</summary>
    /// <param name="arrivedAt">Its time of arrival.</param>
    public bool TryEnter(long arrivedAt)
    {
        lock (_lock)
        {
            if (!IsExpectedInTime(arrivedAt))
            {
                return false;
            }

            Keep(arrivedAt);
            return true;
        }
    }

    /// <summary>A frame that had come in has left, written or not, and those before it too.</summary>
    /// <param name="arrivedAt">Its time of arrival.</param>
    public void Leave(long arrivedAt)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            while (_inside.TryPeek(out var oldest) && oldest <= arrivedAt)
            {
                Learn(oldest, now);
                _inside.Dequeue();
            }
        }
    }

    private bool IsExpectedInTime(long arrivedAt)
    {
        // A frame that comes so long after the newest may be the one that a stage waits for before it lets the others go.
        if (!_inside.TryPeek(out var oldest) || _time.GetElapsedTime(_newest, arrivedAt) >= _maxLatency)
        {
            return true;
        }

        // Nothing is known before the first frame leaves: then what is inside may span the bound.
        var work = _work ?? (_time.GetElapsedTime(oldest, arrivedAt) > _bound ? _bound : TimeSpan.Zero);
        var expected = (_inside.Count + 1) * work;
        if (expected <= _bound / 2 || (!_isBehind && expected <= Trust * _bound))
        {
            // As they come: networks give frames in bursts.
            return true;
        }

        var inStep = _time.GetElapsedTime(_newest, arrivedAt) + _early >= Pace * work;
        return inStep && (expected <= _bound || _time.GetElapsedTime(oldest, _newest) < _lookAhead);
    }

    /// <summary>Arrivals are not in step with the stages: what one frame came in late, another may come early.</summary>
    private void Keep(long arrivedAt)
    {
        if (_inside.Count > 0 && _work is { } work)
        {
            var spare = _time.GetElapsedTime(_newest, arrivedAt) + _early - (Pace * work);
            _early = spare < TimeSpan.Zero ? TimeSpan.Zero : spare < work ? spare : work;
        }

        _inside.Enqueue(arrivedAt);
        _newest = arrivedAt;
    }

    /// <summary>
    /// A frame that had to wait for its predecessor tells how long the slowest stage works. One that did not tells how long all
    /// stages together do, from when the look-ahead let it go.
    /// </summary>
    private void Learn(long arrivedAt, long now)
    {
        var release = _inside.FirstOrDefault(other => _time.GetElapsedTime(arrivedAt, other) >= _lookAhead, now);
        if (_left is { } left)
        {
            _isBehind = left.At > release;
            var took = _time.GetElapsedTime(_isBehind ? left.At : release, now);
            _work = _work is { } mean ? mean + (Weight * (took - mean)) : took;
        }

        _left = (arrivedAt, now);
    }
}
