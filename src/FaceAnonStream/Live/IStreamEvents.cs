namespace FaceAnonStream.Live;

/// <summary>An end of a stream.</summary>
public enum StreamEnd
{
    Source,
    Sink,
}

/// <summary>How an end of a stream is doing.</summary>
public enum EndState
{
    /// <summary>Being connected for the first time, or anew.</summary>
    Connecting,

    /// <summary>Giving or taking frames.</summary>
    Up,

    /// <summary>Lost; it will be tried again.</summary>
    Away,
}

/// <summary>Why a frame did not reach the sink.</summary>
public enum DropReason
{
    /// <summary>At the entrance: it would have been late.</summary>
    Backlog,

    /// <summary>At the entrance: frame memory was used up.</summary>
    NoMemory,

    /// <summary>At the exit: the sink was away. The frame was anonymised.</summary>
    SinkAway,
}

/// <summary>Told by the ends of a live stream what happens to them, from any thread. Implementations return at once and
/// never throw.</summary>
public interface IStreamEvents
{
    /// <summary>An end has changed its state.</summary>
    /// <param name="end">Which one.</param>
    /// <param name="state">Its state now.</param>
    /// <param name="reason">Why, in one line that holds no secret; null where there is nothing to say.</param>
    void Changed(StreamEnd end, EndState state, string? reason);

    /// <summary>A frame was left out.</summary>
    void Dropped(DropReason reason);

    /// <summary>Frame memory is too short for the look-ahead that was asked for. Told once, before the first frame; most have
    /// no use for it.</summary>
    /// <param name="lookAheadMs">What it is, in milliseconds.</param>
    /// <param name="wantedMs">What was asked for, in milliseconds.</param>
    void LookAheadShortened(int lookAheadMs, int wantedMs)
    {
    }
}
