using FaceAnonStream.Faults;
using FaceAnonStream.Live;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Media.Live;

/// <summary>
/// A live destination: an address, an HLS playlist or a folder of recordings. While it is away frames are left out and
/// counted, and it is tried again. Times begin anew with every connection.
/// </summary>
public sealed class LiveSink : ILiveSink
{
    private readonly ReconnectingOutput _output;
    private readonly IStreamEvents _events;

    private LiveSink(LiveOutput output, ILiveTarget target, IStreamEvents events, TimeProvider time)
    {
        var pictures = output.Pictures;
        _events = events;
        _output = new ReconnectingOutput(
            new EncoderStart(
                target, pictures, output.Media, session => LiveArguments.For(pictures, output.Media, output.Live, target.KeyframeInterval, session)),
            output.Live,
            (state, reason) => events.Changed(StreamEnd.Sink, state, reason),
            time);
    }

    /// <summary>Opens a destination of any kind. It is connected to when the first frame comes.</summary>
    /// <param name="output">Where to, and what.</param>
    /// <param name="events">Told what happens.</param>
    /// <param name="time">Times waits and names recordings.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: the encoder does not fit the
    /// destination. Origin <see cref="FaultOrigin.Sink"/>: a recording in one file cannot be begun.</exception>
    public static ILiveSink Open(LiveOutput output, IStreamEvents events, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(events);
        var (target, live) = (output.Target, output.Live);
        CheckCodec(target, output.Media.VideoCodec);
        return target.Kind switch
        {
            EndpointKind.File => LiveFile.Create(output, events, time),
            EndpointKind.Hls => Over(new HlsFolder(target.Address, TimeSpan.FromMilliseconds(live.HlsSegmentMs), time)),
            EndpointKind.Segments => Over(new RecordingFolder(target.Address, live, time)),
            _ => Over(new NetworkTarget(target, live)),
        };

        LiveSink Over(ILiveTarget place) => new(output, place, events, time);
    }

    /// <summary>Writes a frame, or leaves it out and counts it. Never fails for a lost destination.</summary>
    public async ValueTask WriteAsync(AnonymizedFrame frame, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!await _output.WriteAsync(frame.Pts, frame.Memory, ct).ConfigureAwait(false))
        {
            _events.Dropped(DropReason.SinkAway);
        }
    }

    /// <inheritdoc/>
    public async ValueTask EndOutputAsync(CancellationToken ct)
    {
        if (await _output.EndAsync(ct).ConfigureAwait(false))
        {
            _events.Changed(StreamEnd.Sink, EndState.Away, "ended until the source is back");
        }
    }

    /// <summary>Ends the output as it should end, as far as the destination is there.</summary>
    public async ValueTask CompleteAsync(CancellationToken ct) => _ = await _output.EndAsync(ct).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _output.DisposeAsync();

    // Flash knows no other codec of ours; it would fail at every attempt, without end.
    private static void CheckCodec(Endpoint target, string videoCodec)
    {
        if (target.Kind == EndpointKind.Rtmp && !videoCodec.Contains("264", StringComparison.Ordinal))
        {
            throw new FaultException(FaultOrigin.Configuration, $"{target}: RTMP takes H.264 only, not what {videoCodec} makes; try libx264");
        }
    }
}
