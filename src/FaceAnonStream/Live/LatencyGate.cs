namespace FaceAnonStream.Live;

/// <summary>
/// The entrance of a live stream: lets a frame in only while those inside can be expected to leave in time. What it
/// watches is the backlog, in time of arrival: from the last frame that left to the newest one inside. A frame's latency
/// is the backlog that it finds (Little's law), so bounding one bounds the other, whatever the speed of the stages.
/// <para>A pause of the source makes no backlog, and frames that stages hold back until a later one arrives are pushed
/// out by a frame that comes more than the bound after the newest.</para>
/// One thread asks, another tells.
/// </summary>
public sealed class LatencyGate
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _bound;
    private long _newest;
    private long _left;
    private long _inside;

    /// <param name="maxLatency">Longest time inside, the look-aheads included.</param>
    /// <param name="time">Whose timestamps frames arrive with.</param>
    public LatencyGate(TimeSpan maxLatency, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxLatency, TimeSpan.Zero);
        _time = time;

        // What is still to be done for a frame that finds the largest backlog.
        _bound = maxLatency * 0.8;
    }

    /// <summary>Whether a frame that arrived now may come in. It counts as inside when this says yes.</summary>
    /// <param name="arrivedAt">Its time of arrival.</param>
    public bool TryEnter(long arrivedAt)
    {
        var newest = Volatile.Read(ref _newest);
        if (Volatile.Read(ref _inside) > 0
            && _time.GetElapsedTime(Volatile.Read(ref _left), newest) > _bound
            && _time.GetElapsedTime(newest, arrivedAt) < _bound)
        {
            return false;
        }

        if (Interlocked.Increment(ref _inside) == 1)
        {
            // Nothing was inside: the backlog begins with this frame.
            Volatile.Write(ref _left, arrivedAt);
        }

        Volatile.Write(ref _newest, arrivedAt);
        return true;
    }

    /// <summary>A frame that had come in has left, written or not.</summary>
    /// <param name="arrivedAt">Its time of arrival.</param>
    public void Leave(long arrivedAt)
    {
        Volatile.Write(ref _left, arrivedAt);
        Interlocked.Decrement(ref _inside);
    }
}
