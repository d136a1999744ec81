namespace FaceAnonStream.Media.Live;

/// <summary>The times of one connection: they begin at 0 and only run forwards, whatever comes in.</summary>
internal sealed class OutputClock
{
    private long? _shift;
    private long _last = -1;

    /// <summary>The time of the next picture, in the same ticks. After a step back the spacing goes on from the last one.</summary>
    public long Next(long pts)
    {
        var shift = _shift ?? -pts;
        if (pts + shift <= _last)
        {
            shift = _last + 1 - pts;
        }

        _shift = shift;
        return _last = pts + shift;
    }
}
