namespace FaceAnonStream.Hosting.Streams;

/// <summary>
/// Tells when frames keep entering a stream and none leaves it. It is asked now and then: a time without new frames, when the
/// source is away, begins it anew, so that it says nothing of sources slower than the pace at which it is asked.
/// </summary>
/// <param name="patience">How long no frame may leave.</param>
/// <param name="time">Measures it.</param>
internal sealed class OutflowWatch(TimeSpan patience, TimeProvider time)
{
    /// <summary>More than the largest batch and the look-aheads hold back at a low rate.</summary>
    private const int MinFrames = 100;

    private long _entered;
    private long _left = -1;
    private long _enteredBefore;
    private long _since;

    /// <summary>Whether nothing flows.</summary>
    /// <param name="entered">Frames that have entered until now, those dropped at the entrance included.</param>
    /// <param name="left">Frames that have left until now, written or not.</param>
    public bool IsStuck(long entered, long left)
    {
        if (left != _left || entered == _entered)
        {
            (_enteredBefore, _left, _since) = (entered, left, time.GetTimestamp());
        }

        _entered = entered;
        return entered - _enteredBefore >= MinFrames && time.GetElapsedTime(_since) >= patience;
    }
}
