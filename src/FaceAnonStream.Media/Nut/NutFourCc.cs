using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>
/// The codec tags under which ffmpeg stores raw video in NUT. The <c>yuvj</c> formats share the tags of their
/// limited-range twins: NUT carries no colour range.
/// </summary>
public static class NutFourCc
{
    private static readonly Dictionary<string, uint> Tags = new()
    {
        ["yuv420p"] = Pack("I420"u8),
        ["yuv422p"] = Pack("Y42B"u8),
        ["yuv444p"] = Pack("444P"u8),

        // "Y3": three planes; then a decimal digit per chroma shift; then the bits.
        ["yuv420p10le"] = Pack([(byte)'Y', (byte)'3', 11, 10]),
        ["yuv422p10le"] = Pack([(byte)'Y', (byte)'3', 10, 10]),
        ["yuv444p10le"] = Pack([(byte)'Y', (byte)'3', 0, 10]),
    };

    public static uint FromPixelFormat(PixelFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return Tags[format.Name];
    }

    /// <summary>The layout that a tag stands for, or null when the pipeline does not process it.</summary>
    public static PixelFormat? ToPixelFormat(uint fourCc) =>
        PixelFormat.All.FirstOrDefault(format => Tags[format.Name] == fourCc);

    private static uint Pack(ReadOnlySpan<byte> tag) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(tag);
}
