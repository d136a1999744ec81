using FaceAnonStream.Flow;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Redaction;

/// <summary>The gate: turns tracked frames into anonymised ones.</summary>
public sealed class BlendStage(RedactionLadder ladder) : IStage<TrackedFrame, AnonymizedFrame>
{
    public ValueTask OpenAsync(CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask ProcessAsync(TrackedFrame item, Link<AnonymizedFrame> output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.SendAsync(AnonymizedFrame.From(item, ladder), ct);
    }

    public ValueTask FlushAsync(Link<AnonymizedFrame> output, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
