using FaceAnonStream.Live;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>One run of a live stream, from its first connection to its end. It outlives lost connections by itself; what
/// ends it is its host, a model that fails for good, or a defect.</summary>
public interface ILiveStream : IAsyncDisposable
{
    /// <summary>How it is doing. From any thread.</summary>
    StreamVitals Vitals { get; }

    /// <summary>Pictures of the anonymised output for people who look after the stream; null where it has none.</summary>
    IStreamPreview? Preview { get; }

    /// <summary>Runs until ended. Call once.</summary>
    /// <param name="ending">Ends the source; what was read is still anonymised and written.</param>
    /// <param name="ct">Gives up at once.</param>
    /// <exception cref="Faults.FaultException">It cannot go on by itself.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    Task RunAsync(CancellationToken ending, CancellationToken ct);
}

/// <summary>Makes streams that share models.</summary>
public interface ILiveStreamFactory
{
    /// <summary>A stream that has not started.</summary>
    /// <param name="configuration">What it is to do.</param>
    /// <param name="telemetry">Measures it, over this run and those before and after it. Borrowed.</param>
    ILiveStream Create(StreamConfiguration configuration, StreamTelemetry telemetry);
}

/// <summary>How a stream is doing: numbers since it was started.</summary>
/// <param name="Source">Its source.</param>
/// <param name="Sink">Its sink.</param>
/// <param name="Problem">What went wrong last, in one line without secrets; null when nothing is.</param>
/// <param name="FramesIn">Frames read from the decoder, dropped ones included.</param>
/// <param name="FramesOut">Frames given to the encoder.</param>
/// <param name="FramesDropped">Frames left out for any reason.</param>
/// <param name="FacesCovered">Faces covered, counted once per frame.</param>
/// <param name="FacesFallen">Of these, faces that were to be replaced and got a heavier cover.</param>
/// <param name="WholeFrames">Frames that became one colour.</param>
/// <param name="LiveTracks">Faces being followed now.</param>
/// <param name="Reconnects">Connections made again, of either end.</param>
/// <param name="LatencyMs">Added latency of the newest frame, in milliseconds.</param>
/// <param name="Width">Of the picture, in pixels; 0 before it is known.</param>
/// <param name="Height">Of the picture, in pixels; 0 before it is known.</param>
public sealed record StreamVitals(
    EndState Source,
    EndState Sink,
    string? Problem,
    long FramesIn,
    long FramesOut,
    long FramesDropped,
    long FacesCovered,
    long FacesFallen,
    long WholeFrames,
    int LiveTracks,
    long Reconnects,
    double LatencyMs,
    int Width,
    int Height);

/// <summary>A small HLS rendition of the anonymised output, made while somebody watches.</summary>
public interface IStreamPreview
{
    /// <summary>Opens a file of the rendition, which starts it where nobody watched: <c>index.m3u8</c>, or a file that
    /// this names.</summary>
    /// <returns>The content, which the caller disposes; null when there is no such file (yet).</returns>
    Stream? Open(string fileName);
}
