using FaceAnonStream.Faults;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Tests.Kit;

/// <summary>Keeps what a viewer would get.</summary>
internal sealed class MemorySink(int? failAt = null) : IVideoSink
{
    public List<(long Index, long Pts, byte[] Bytes, FrameOutcome Outcome)> Frames { get; } = [];

    public bool IsComplete { get; private set; }

    public ValueTask WriteAsync(AnonymizedFrame frame, CancellationToken ct)
    {
        if (Frames.Count == failAt)
        {
            throw new FaultException(FaultOrigin.Sink, "injected sink fault");
        }

        Frames.Add((frame.Index, frame.Pts, frame.Memory.ToArray(), frame.Outcome));
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(CancellationToken ct)
    {
        IsComplete = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
