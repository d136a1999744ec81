using FaceAnonStream.Faults;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Media.Live;

/// <summary>A live stream recorded as one file, which appears when it is complete. A failure is final: a recording with a
/// hole is not what was asked for.</summary>
internal sealed class LiveFile(FileSink file, IStreamEvents events) : ILiveSink
{
    private readonly OutputClock _clock = new();
    private bool _isUp;

    public static LiveFile Create(LiveOutput output, IStreamEvents events, TimeProvider time)
    {
        var path = output.Target.Address;
        var container = FileFormats.ForOutput(path, output.Media.VideoCodec);
        return new LiveFile(FileSink.Create(output.Pictures, container, path, output.Overwrite, output.Media, time), events);
    }

    public async ValueTask WriteAsync(AnonymizedFrame frame, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(frame);
        await ToldAsync(file.WriteAsync(frame, _clock.Next(frame.Pts), ct)).ConfigureAwait(false);
        if (!_isUp)
        {
            _isUp = true;
            events.Changed(StreamEnd.Sink, EndState.Up, null);
        }
    }

    public ValueTask EndOutputAsync(CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask CompleteAsync(CancellationToken ct) => ToldAsync(file.CompleteAsync(ct));

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private async ValueTask ToldAsync(ValueTask work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (FaultException fault)
        {
            events.Changed(StreamEnd.Sink, EndState.Away, fault.Message);
            throw;
        }
    }
}
