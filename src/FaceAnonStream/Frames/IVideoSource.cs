namespace FaceAnonStream.Frames;

/// <summary>Where decoded frames come from. One reader.</summary>
public interface IVideoSource : IAsyncDisposable
{
    FrameFormat Format { get; }

    Rational TimeBase { get; }

    /// <summary>The next frame, which the caller now owns, or null when the source ended in good order.</summary>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Source"/>: the input is broken or its
    /// decoder failed.</exception>
    ValueTask<VideoFrame?> ReadAsync(CancellationToken ct);
}
