using FaceAnonStream.Faults;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>Reads what a decoding ffmpeg writes: NUT with one stream of raw pictures, all of one format and size.</summary>
internal sealed class PictureReader
{
    private readonly NutDemuxer _demuxer;
    private readonly FrameFormat _format;
    private readonly string _name;
    private Rational? _timeBase;

    /// <param name="pictures">The decoder's output; stays the caller's.</param>
    /// <param name="format">Of every picture.</param>
    /// <param name="name">Of the input, for messages.</param>
    public PictureReader(Stream pictures, FrameFormat format, string name)
    {
        _demuxer = new NutDemuxer(pictures, new NutLimits { MaxPayloadBytes = format.SizeBytes });
        _format = format;
        _name = name;
    }

    /// <summary>Seconds per tick of pictures' times. Known once the first packet is read.</summary>
    public Rational TimeBase => _timeBase!.Value;

    /// <summary>The next picture's time, or null at the end. Its samples are to be read next.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Source"/>: pictures of another format.</exception>
    /// <exception cref="NutFormatException">Broken, or it ended in the middle.</exception>
    public async ValueTask<NutPacket?> ReadPacketAsync(CancellationToken ct)
    {
        _timeBase ??= await ReadHeaderAsync(ct).ConfigureAwait(false);
        var packet = await _demuxer.ReadPacketAsync(ct).ConfigureAwait(false);
        return packet is null || packet.Value.Size == _format.SizeBytes
            ? packet
            : throw new FaultException(FaultOrigin.Source, $"{_name}: a picture changes its size in the middle of the stream");
    }

    /// <summary>Reads the samples of the packet last returned.</summary>
    public ValueTask ReadPictureAsync(Memory<byte> destination, CancellationToken ct) => _demuxer.ReadPayloadAsync(destination, ct);

    private async ValueTask<Rational> ReadHeaderAsync(CancellationToken ct)
    {
        var header = await _demuxer.ReadHeaderAsync(ct).ConfigureAwait(false);
        var stream = header.Streams[0];
        if (header.Streams.Count != 1
            || stream.Width != _format.Width
            || stream.Height != _format.Height
            || NutFourCc.ToPixelFormat(stream.FourCc) != _format.PixelFormat)
        {
            throw new FaultException(
                FaultOrigin.Source, $"{_name}: the decoder gives {stream.Width}x{stream.Height} pictures of another format than {_format.Width}x{_format.Height} {_format.PixelFormat}");
        }

        return stream.TimeBase;
    }
}
