using FaceAnonStream.Faults;
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
    /// <exception cref="FaultException">It cannot go on by itself.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    Task RunAsync(CancellationToken ending, CancellationToken ct);
}

/// <summary>Makes streams that share models.</summary>
public interface ILiveStreamFactory
{
    /// <summary>Completes, with the reason, when the models fail for good and no stream can be helped in this process.</summary>
    Task<FaultException> Broken { get; }

    /// <summary>A stream that has not started.</summary>
    /// <param name="configuration">What it is to do.</param>
    /// <param name="telemetry">Measures it, over this run and those before and after it. Borrowed.</param>
    ILiveStream Create(StreamConfiguration configuration, StreamTelemetry telemetry);
}

/// <summary>How a stream is doing: numbers since it was configured, the size of its picture and how far it looks ahead.</summary>
public sealed record StreamVitals : StreamNumbers
{
    /// <param name="numbers">What was measured.</param>
    /// <param name="width">Of the picture, in pixels; 0 before it is known.</param>
    /// <param name="height">Of the picture, in pixels; 0 before it is known.</param>
    /// <param name="lookAheadMs">How far ahead it looks for faces, in milliseconds; null before it is known.</param>
    public StreamVitals(StreamNumbers numbers, int width, int height, int? lookAheadMs)
        : base(numbers)
    {
        Width = width;
        Height = height;
        LookAheadMs = lookAheadMs;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Less than <see cref="StreamConfiguration.WantedLookAheadMs"/> where frame memory is short.</summary>
    public int? LookAheadMs { get; init; }
}

/// <summary>A small HLS rendition of the anonymised output, made while somebody watches.</summary>
public interface IStreamPreview
{
    /// <summary>Opens a file of the rendition, which starts it where nobody watched: <c>index.m3u8</c>, or a file that
    /// this names.</summary>
    /// <returns>The content, which the caller disposes; null when there is no such file (yet).</returns>
    Stream? Open(string fileName);
}
