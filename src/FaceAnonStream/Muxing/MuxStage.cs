using FaceAnonStream.Flow;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Muxing;

/// <summary>Hands anonymised frames, and nothing else, to a sink; passes on a receipt for each.</summary>
/// <param name="sink">Borrowed: who opened it closes it, and only when every receipt is there.</param>
public sealed class MuxStage(IVideoSink sink) : IStage<AnonymizedFrame, FrameReceipt>
{
    public ValueTask OpenAsync(CancellationToken ct) => ValueTask.CompletedTask;

    public async ValueTask ProcessAsync(AnonymizedFrame item, Link<FrameReceipt> output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(output);
        FrameReceipt receipt;
        using (item)
        {
            await sink.WriteAsync(item, ct).ConfigureAwait(false);
            receipt = new FrameReceipt(item.Index, item.Pts, item.ArrivedAt, item.Outcome);
        }

        await output.SendAsync(receipt, ct).ConfigureAwait(false);
    }

    public ValueTask FlushAsync(Link<FrameReceipt> output, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Proof that a frame was written, and as what. Holds no pixels.</summary>
public sealed record FrameReceipt(long Index, long Pts, long ArrivedAt, FrameOutcome Outcome) : IDisposable
{
    public void Dispose()
    {
    }
}
