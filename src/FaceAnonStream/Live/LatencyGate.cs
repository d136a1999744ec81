namespace FaceAnonStream.Live;

/// <summary>
/// The entrance of a live stream: lets a frame in only while those inside can be expected to leave in time. What it
/// watches is how far apart the oldest and the newest frame inside have arrived: in a steady flow that is the latency of the
/// frame that leaves next, whatever the speed of the stages and however long they hold frames back. Late are frames that were
/// inside when the stages became slower, and where stages are several times too slow those that came in together: they wait
/// for each other.
/// <para>Whatever is inside, a frame that arrives the whole bound after the newest comes in: it may be the one that pushes the
/// others out. So neither a slow source nor a pause closes the gate for good.</para>
/// Frames leave in the order in which they came. One thread asks, another tells.
/// </summary>
public sealed class LatencyGate
{
    /// <summary>Part of the bound that frames inside may span; the rest is for the frame that comes next, and for stages that
    /// are not always equally fast.</summary>
    private const double Share = 0.7;

    private readonly Lock _lock = new();
    private readonly Queue<long> _inside = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _bound;
    private long _newest;

    /// <param name="maxLatency">Longest time inside, the look-aheads included.</param>
    /// <param name="time">Whose timestamps frames arrive with.</param>
    public LatencyGate(TimeSpan maxLatency, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxLatency, TimeSpan.Zero);
        _time = time;
        _bound = maxLatency * Share;
    }

    /// <summary>Whether a frame that arrived now may come in. It counts as inside when this says yes.</summary>
    /// <param name="arrivedAt">Its time of arrival.</param>
    public bool TryEnter(long arrivedAt)
    {
        lock (_lock)
        {
            if (_inside.TryPeek(out var oldest)
                && _time.GetElapsedTime(oldest, _newest) > _bound
                && _time.GetElapsedTime(_newest, arrivedAt) < _bound)
            {
                return false;
            }

            _inside.Enqueue(arrivedAt);
            _newest = arrivedAt;
            return true;
        }
    }

    /// <summary>A frame that had come in has left, written or not, and those before it too.</summary>
    /// <param name="arrivedAt">Its time of arrival.</param>
    public void Leave(long arrivedAt)
    {
        lock (_lock)
        {
            while (_inside.TryPeek(out var oldest) && oldest <= arrivedAt)
            {
                _inside.Dequeue();
            }
        }
    }
}
