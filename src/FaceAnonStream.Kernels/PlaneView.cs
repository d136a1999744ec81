namespace FaceAnonStream.Kernels;

/// <summary>A borrowed, writable view of one picture plane. A <c>ref struct</c>: it cannot be stored or awaited across.</summary>
/// <typeparam name="T"><see cref="byte"/> for 8-bit samples, <see cref="ushort"/> for 9 to 16 bits (low-aligned).</typeparam>
public readonly ref struct PlaneView<T>
    where T : unmanaged
{
    private readonly Span<T> _samples;

    /// <param name="samples">At least <c>(height - 1) * stride + width</c> samples.</param>
    /// <param name="width">Samples per row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="stride">Samples from one row's start to the next, at least <paramref name="width"/>.</param>
    public PlaneView(Span<T> samples, int width, int height, int stride)
    {
        PlaneGeometry.ThrowIfOutside(samples.Length, width, height, stride);
        _samples = samples;
        Width = width;
        Height = height;
        Stride = stride;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Samples (not bytes) from one row's start to the next.</summary>
    public int Stride { get; }

    public Span<T> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return _samples.Slice(y * Stride, Width);
    }

    public static implicit operator ReadOnlyPlaneView<T>(PlaneView<T> view) =>
        new(view._samples, view.Width, view.Height, view.Stride);
}

/// <summary>A borrowed, read-only view of one picture plane; see <see cref="PlaneView{T}"/>.</summary>
public readonly ref struct ReadOnlyPlaneView<T>
    where T : unmanaged
{
    private readonly ReadOnlySpan<T> _samples;

    /// <inheritdoc cref="PlaneView{T}.PlaneView"/>
    public ReadOnlyPlaneView(ReadOnlySpan<T> samples, int width, int height, int stride)
    {
        PlaneGeometry.ThrowIfOutside(samples.Length, width, height, stride);
        _samples = samples;
        Width = width;
        Height = height;
        Stride = stride;
    }

    public int Width { get; }

    public int Height { get; }

    /// <inheritdoc cref="PlaneView{T}.Stride"/>
    public int Stride { get; }

    public ReadOnlySpan<T> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return _samples.Slice(y * Stride, Width);
    }

    /// <summary>A rectangle of the plane, wholly inside it.</summary>
    internal ReadOnlyPlaneView<T> Part(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - y);
        return new ReadOnlyPlaneView<T>(_samples[((y * Stride) + x)..], width, height, Stride);
    }
}

internal static class PlaneGeometry
{
    public static void ThrowIfOutside(int length, int width, int height, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, width);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, ((long)(height - 1) * stride) + width, nameof(length));
    }
}
