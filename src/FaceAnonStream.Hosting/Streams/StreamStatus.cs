namespace FaceAnonStream.Hosting.Streams;

/// <summary>What a stream is doing, as its host sees it.</summary>
public enum StreamState
{
    /// <summary>Not asked to run.</summary>
    Stopped,

    /// <summary>Before its first picture.</summary>
    Starting,

    /// <summary>Both ends are up.</summary>
    Running,

    /// <summary>It runs, but an end is away, or something else is wrong.</summary>
    Degraded,

    /// <summary>It ended with an error, and waits to be started anew.</summary>
    Failed,
}

/// <summary>Who defined a stream.</summary>
public enum StreamOrigin
{
    /// <summary>The configuration file.</summary>
    File,

    /// <summary>A caller of the API: known until the service ends.</summary>
    Api,
}

/// <summary>A stream as its host sees it.</summary>
/// <param name="Configuration">What it is asked to do.</param>
/// <param name="Origin">Who asked.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Reason">Why it is not running well, in one line without secrets; null where there is nothing to say.</param>
/// <param name="Restarts">How often it was started anew after it had failed, since it was started.</param>
/// <param name="Vitals">Its numbers; null before it runs.</param>
/// <param name="Preview">Its anonymised output for those who look after it; null where there is none.</param>
public sealed record StreamStatus(
    StreamConfiguration Configuration,
    StreamOrigin Origin,
    StreamState State,
    string? Reason,
    long Restarts,
    StreamVitals? Vitals,
    IStreamPreview? Preview);
