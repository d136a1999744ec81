using FaceAnonStream.Redaction;

namespace FaceAnonStream.Muxing;

/// <summary>Where anonymised frames go. One writer.</summary>
public interface IVideoSink : IAsyncDisposable
{
    /// <summary>Writes a frame, which stays the caller's.</summary>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Sink"/>: the output cannot be written.</exception>
    ValueTask WriteAsync(AnonymizedFrame frame, CancellationToken ct);

    /// <summary>Every frame is written: finishes the output and makes it visible. Without this call nothing appears.</summary>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Sink"/>: the output cannot be finished.</exception>
    ValueTask CompleteAsync(CancellationToken ct);
}
