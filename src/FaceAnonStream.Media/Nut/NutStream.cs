using System.Diagnostics.CodeAnalysis;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>What a stream carries; the values are NUT's.</summary>
public enum NutStreamClass
{
    Video = 0,
    Audio = 1,
    Subtitle = 2,
    Data = 3,
}

/// <summary>One stream of a NUT container.</summary>
/// <param name="Class">What it carries.</param>
/// <param name="FourCc">ffmpeg's codec tag: the four characters, the first in the least significant byte.</param>
/// <param name="TimeBase">Seconds per tick of the packets' timestamps, positive.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A stream in the container's own sense.")]
public sealed record NutStream(NutStreamClass Class, uint FourCc, Rational TimeBase)
{
    /// <summary>Pixels per row; video only.</summary>
    public int Width { get; init; }

    /// <summary>Rows; video only.</summary>
    public int Height { get; init; }

    /// <summary>Width of a pixel by its height; video only, 0/0 where unknown.</summary>
    public Rational SampleAspectRatio { get; init; }

    /// <summary>
    /// Nominal pictures per second, a hint that spares ffmpeg from guessing; 0/0 where unknown. Written, not read:
    /// ffmpeg stores it outside the stream header.
    /// </summary>
    public Rational FrameRate { get; init; }

    /// <summary>Samples per second; audio only.</summary>
    public int SampleRate { get; init; }

    /// <summary>Audio only.</summary>
    public int Channels { get; init; }

    /// <summary>What the decoder needs before the first packet (ffmpeg's extradata).</summary>
    public ReadOnlyMemory<byte> CodecPrivate { get; init; }

    /// <summary>Packets that a decoder must hold back to put them in presentation order.</summary>
    public int DecodeDelay { get; init; }
}

/// <summary>What a NUT stream announces before its first packet.</summary>
/// <param name="Streams">In the order of <see cref="NutPacket.Stream"/>.</param>
public sealed record NutHeader(IReadOnlyList<NutStream> Streams);

/// <summary>A packet whose payload is next in the stream.</summary>
/// <param name="Stream">Index into <see cref="NutHeader.Streams"/>.</param>
/// <param name="Pts">Presentation time in ticks of the stream's time base, 0 to 2^55 - 1.</param>
/// <param name="IsKey">Whether decoding can start here.</param>
/// <param name="Size">Bytes of payload; 0 is allowed.</param>
public readonly record struct NutPacket(int Stream, long Pts, bool IsKey, int Size);
