using FaceAnonStream.Kernels;

namespace FaceAnonStream.Frames;

/// <summary>The geometry and colour of every frame of a stream: three planes, one after the other, rows tightly packed.</summary>
public sealed record FrameFormat
{
    /// <param name="width">Luma samples per row, 1 to 16384.</param>
    /// <param name="height">Luma rows, 1 to 16384.</param>
    /// <param name="pixelFormat">Sample layout.</param>
    /// <param name="color">How samples map to R'G'B'.</param>
    public FrameFormat(int width, int height, PixelFormat pixelFormat, YuvColor color)
    {
        ThrowIfNoSide(width);
        ThrowIfNoSide(height);
        ArgumentNullException.ThrowIfNull(pixelFormat);
        Width = width;
        Height = height;
        PixelFormat = pixelFormat;
        Color = color;
    }

    /// <summary>The longest side of a frame, in luma samples.</summary>
    public const int MaxSide = 16384;

    public const int PlaneCount = 3;

    public int Width { get; }

    public int Height { get; }

    public PixelFormat PixelFormat { get; }

    public YuvColor Color { get; }

    /// <summary>The planes, as kernels name them.</summary>
    public PlanarSource Planes => new(Width, Height, PixelFormat.ChromaShiftX, PixelFormat.ChromaShiftY, PixelFormat.BitDepth, Color);

    /// <summary>Bytes of one frame, as ffmpeg's <c>rawvideo</c> packs it.</summary>
    public int SizeBytes => PlaneOffset(PlaneCount);

    /// <summary>Samples per row of plane 0 (Y), 1 (Cb) or 2 (Cr).</summary>
    public int PlaneWidth(int plane) => plane == 0 ? Width : CeilShift(Width, PixelFormat.ChromaShiftX);

    /// <summary>Rows of plane 0 (Y), 1 (Cb) or 2 (Cr).</summary>
    public int PlaneHeight(int plane) => plane == 0 ? Height : CeilShift(Height, PixelFormat.ChromaShiftY);

    /// <summary>Byte offset of a plane within the frame.</summary>
    public int PlaneOffset(int plane)
    {
        var offset = 0;
        for (var i = 0; i < plane; i++)
        {
            offset = checked(offset + (PlaneWidth(i) * PlaneHeight(i) * PixelFormat.BytesPerSample));
        }

        return offset;
    }

    private static int CeilShift(int value, int shift) => (value + (1 << shift) - 1) >> shift;

    private static void ThrowIfNoSide(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxSide);
    }
}
