namespace FaceAnonStream.Live;

/// <summary>
/// The entrance of a live stream: lets a frame in only while those inside can be expected to leave in time. What it
/// watches is the backlog, in time of arrival: from the last frame that left to the newest one inside. A frame's latency
/// is the backlog that it finds (Little's law), so bounding one bounds the other, whatever the speed of the stages.
/// <para>A pause of the source is no backlog: of any gap between two arrivals only a quarter of the bound counts, so that
/// stages which hold frames back until a later one arrives do not look slow after it. Below four frames within the bound
/// the latency is therefore bounded by five frames' work instead.</para>
/// <para>Whatever the backlog, a frame that arrives the whole bound after the newest inside comes in: it may be the one that
/// pushes the others out.</para>
/// Frames leave in the order in which they came. One thread asks, another tells.
/// </summary>
public sealed class LatencyGate
{
    private readonly Lock _lock = new();
    private readonly Queue<(long ArrivedAt, TimeSpan Clock)> _inside = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _bound;
    private readonly TimeSpan _longestGap;
    private TimeSpan _newest;
    private TimeSpan _left;
    private long _newestArrivedAt;

    /// <param name="maxLatency">Longest time inside, the look-aheads included.</param>
    /// <param name="time">Whose timestamps frames arrive with.</param>
    public LatencyGate(TimeSpan maxLatency, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxLatency, TimeSpan.Zero);
        _time = time;

        // What is still to be done for a frame that finds the largest backlog.
        _bound = maxLatency * 0.8;
        _longestGap = _bound / 4;
    }

    /// <summary>Whether a frame that arrived now may come in. It counts as inside when this says yes.</summary>
    /// <param name="arrivedAt">Its time of arrival.</param>
    public bool TryEnter(long arrivedAt)
    {
        lock (_lock)
        {
            var gap = _time.GetElapsedTime(_newestArrivedAt, arrivedAt);
            if (_inside.Count > 0 && _newest - _left > _bound && gap < _bound)
            {
                return false;
            }

            _newest += gap < _longestGap ? gap : _longestGap;
            _newestArrivedAt = arrivedAt;
            if (_inside.Count == 0)
            {
                // The backlog begins with this frame.
                _left = _newest;
            }

            _inside.Enqueue((arrivedAt, _newest));
            return true;
        }
    }

    /// <summary>A frame that had come in has left, written or not, and those before it too.</summary>
    /// <param name="arrivedAt">Its time of arrival.</param>
    public void Leave(long arrivedAt)
    {
        lock (_lock)
        {
            while (_inside.TryPeek(out var oldest) && oldest.ArrivedAt <= arrivedAt)
            {
                _left = oldest.Clock;
                _inside.Dequeue();
                if (oldest.ArrivedAt == arrivedAt)
                {
                    return;
                }
            }
        }
    }
}
