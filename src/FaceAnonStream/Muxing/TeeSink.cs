using FaceAnonStream.Redaction;

namespace FaceAnonStream.Muxing;

/// <summary>Looks at anonymised frames that go elsewhere.</summary>
public interface IFrameTap
{
    /// <summary>Offers a frame, which stays the caller's: what is wanted of it is copied before this returns. Takes no longer
    /// than that copy, waits for nothing and never throws.</summary>
    void Offer(AnonymizedFrame frame);
}

/// <summary>A sink whose frames taps are offered too, each after the sink has it.</summary>
/// <param name="sink">Taken over.</param>
/// <param name="taps">Borrowed.</param>
public sealed class TeeSink(IVideoSink sink, params IReadOnlyList<IFrameTap> taps) : IVideoSink
{
    public async ValueTask WriteAsync(AnonymizedFrame frame, CancellationToken ct)
    {
        await sink.WriteAsync(frame, ct).ConfigureAwait(false);
        foreach (var tap in taps)
        {
            tap.Offer(frame);
        }
    }

    public ValueTask CompleteAsync(CancellationToken ct) => sink.CompleteAsync(ct);

    public ValueTask DisposeAsync() => sink.DisposeAsync();
}
