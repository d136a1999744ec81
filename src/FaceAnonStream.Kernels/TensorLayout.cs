namespace FaceAnonStream.Kernels;

/// <summary>Which colour comes first in a network's input.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red: OpenCV's order.</summary>
    Bgr,
}

/// <summary>The planes of a picture.</summary>
/// <param name="Width">Luma samples per row, at least 1.</param>
/// <param name="Height">Luma rows, at least 1.</param>
/// <param name="ChromaShiftX">log2 of the horizontal chroma subsampling, 0 to 2; odd widths round up.</param>
/// <param name="ChromaShiftY">log2 of the vertical chroma subsampling, 0 to 2; odd heights round up.</param>
/// <param name="BitDepth">Bits per sample: 8 in bytes, 9 to 16 low-aligned in ushorts.</param>
/// <param name="Color">How samples map to R'G'B'.</param>
public sealed record PlanarSource(
    int Width, int Height, int ChromaShiftX, int ChromaShiftY, int BitDepth, YuvColor Color)
{
    internal int ChromaWidth => (Width + (1 << ChromaShiftX) - 1) >> ChromaShiftX;

    internal int ChromaHeight => (Height + (1 << ChromaShiftY) - 1) >> ChromaShiftY;

    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)ChromaShiftX, 2u, nameof(ChromaShiftX));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)ChromaShiftY, 2u, nameof(ChromaShiftY));
        ArgumentOutOfRangeException.ThrowIfLessThan(BitDepth, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BitDepth, 16);
    }

    /// <exception cref="ArgumentException">A plane's size or the sample type is another.</exception>
    internal void ThrowIfNoMatch<T>(ReadOnlyPlaneView<T> luma, ReadOnlyPlaneView<T> blue, ReadOnlyPlaneView<T> red)
        where T : unmanaged
    {
        Sample<T>.ThrowIfNotPlaneSample();
        if (typeof(T) == typeof(byte) != (BitDepth == 8))
        {
            throw new ArgumentException($"{BitDepth}-bit samples do not come as {typeof(T).Name}");
        }

        ThrowIfNoMatch(luma, Width, Height, nameof(luma));
        ThrowIfNoMatch(blue, ChromaWidth, ChromaHeight, nameof(blue));
        ThrowIfNoMatch(red, ChromaWidth, ChromaHeight, nameof(red));
    }

    private static void ThrowIfNoMatch<T>(ReadOnlyPlaneView<T> plane, int width, int height, string name)
        where T : unmanaged
    {
        if (plane.Width != width || plane.Height != height)
        {
            throw new ArgumentException($"got {plane.Width}x{plane.Height} samples; expected {width}x{height}", name);
        }
    }
}

/// <summary>A rectangle of whole luma pixels.</summary>
public readonly record struct PixelRect(int X, int Y, int Width, int Height)
{
    /// <exception cref="ArgumentOutOfRangeException">Empty, or not wholly inside a picture of that size.</exception>
    internal void ThrowIfOutside(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(X);
        ArgumentOutOfRangeException.ThrowIfNegative(Y);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)X + Width, width, nameof(Width));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)Y + Height, height, nameof(Height));
    }
}

/// <summary>
/// A network's picture input: three channel planes of <paramref name="Height"/> × <paramref name="Width"/> floats. The
/// picture fills the top-left <paramref name="ContentWidth"/> × <paramref name="ContentHeight"/>; the rest is black.
/// </summary>
/// <param name="Width">Floats per row.</param>
/// <param name="Height">Rows per channel.</param>
/// <param name="ContentWidth">Columns that hold picture, 1 to <paramref name="Width"/>.</param>
/// <param name="ContentHeight">Rows that hold picture, 1 to <paramref name="Height"/>.</param>
/// <param name="Order">Which colour comes first.</param>
/// <param name="Scale">Each value is <c>Scale · v + Offset</c> with v in 0 to 255.</param>
/// <param name="Offset">See <paramref name="Scale"/>.</param>
public sealed record TensorLayout(
    int Width, int Height, int ContentWidth, int ContentHeight, ChannelOrder Order, float Scale = 1, float Offset = 0)
{
    /// <summary>Floats of one picture.</summary>
    public int Length => checked(3 * Width * Height);

    internal void ThrowIfInvalid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ContentWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ContentHeight, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ContentWidth, Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ContentHeight, Height);
    }
}
