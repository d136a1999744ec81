using FaceAnonStream.Live;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>Passes on what the ends of a stream tell.</summary>
/// <param name="telemetry">Counts it.</param>
/// <param name="observer">Also told; may be null.</param>
internal sealed class StreamEnds(StreamTelemetry telemetry, IStreamEvents? observer) : IStreamEvents
{
    private volatile SourceAbsence? _absence;

    /// <summary>From now on the output ends with the source.</summary>
    public void EndOutputWith(SourceAbsence absence) => _absence = absence;

    public void Changed(StreamEnd end, EndState state, string? reason)
    {
        telemetry.Changed(end, state, reason);
        observer?.Changed(end, state, reason);
        if (end == StreamEnd.Source)
        {
            _absence?.Changed(state);
        }
    }

    public void Dropped(DropReason reason)
    {
        telemetry.Dropped(reason);
        observer?.Dropped(reason);
    }

    public void LookAheadShortened(int lookAheadMs, int wantedMs) => observer?.LookAheadShortened(lookAheadMs, wantedMs);
}
