using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>How large the parts of a NUT stream may claim to be. Checked before anything is allocated or read.</summary>
public sealed record NutLimits
{
    /// <summary>Bytes of one header, info or unknown packet.</summary>
    public int MaxHeaderBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of the index that a file ends with. It is skipped, so it costs time but no memory.</summary>
    public long MaxIndexBytes { get; init; } = 1L << 28;

    public int MaxStreams { get; init; } = 64;

    /// <summary>Bytes of one packet's payload, as stored; the default holds the largest frame there can be.</summary>
    public int MaxPayloadBytes { get; init; } = FrameFormat.MaxSide * FrameFormat.MaxSide * FrameFormat.PlaneCount * 2;
}
