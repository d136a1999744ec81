namespace FaceAnonStream.Kernels;

/// <summary>
/// Samples turned squares of a planar picture as a network's input: the picture is shrunk by area average where the crop
/// is smaller, then interpolated linearly along turned rows; beyond the picture its edge repeats. Chroma counts as
/// co-centred with its block of luma. Not thread-safe: an instance owns its scratch memory.
/// </summary>
public sealed class CropSampler
{
    private readonly PlanarSource _source;
    private readonly int _size;
    private readonly Patch _luma = new();
    private readonly Patch _blue = new();
    private readonly Patch _red = new();
    private readonly RowTaps _lumaTaps = new();
    private readonly RowTaps _chromaTaps = new();
    private readonly float[] _rows;
    private readonly RgbFormula[] _grey;
    private readonly RgbFormula[] _rgb;

    /// <param name="source">The planes that will be given.</param>
    /// <param name="size">Width and height of the crops in pixels, 1 to 4096.</param>
    public CropSampler(PlanarSource source, int size)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.ThrowIfInvalid();
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 4096);
        _source = source;
        _size = size;
        _rows = new float[3 * size];
        _grey = [RgbFormula.CreateGrey(source.Color, source.BitDepth)];
        var (red, green, blue) = RgbFormula.Create(source.Color, source.BitDepth, scale: 1 / 255f, offset: 0);
        _rgb = [red, green, blue];
    }

    /// <summary>Full-range BT.601 luma, whatever the picture's own matrix and range are.</summary>
    /// <typeparam name="T"><see cref="byte"/> at 8 bits, <see cref="ushort"/> above.</typeparam>
    /// <param name="luma">Y', of the size given to the constructor.</param>
    /// <param name="blue">Cb.</param>
    /// <param name="red">Cr.</param>
    /// <param name="square">Which part of the picture.</param>
    /// <param name="crop">[S, S] values from 0 to 255.</param>
    /// <exception cref="ArgumentException">A plane, the sample type, the square or the output does not match.</exception>
    public void SampleGrey<T>(
        ReadOnlyPlaneView<T> luma, ReadOnlyPlaneView<T> blue, ReadOnlyPlaneView<T> red, CropSquare square, Span<float> crop)
        where T : unmanaged => Sample(luma, blue, red, square, crop, _grey);

    /// <summary>R'G'B'.</summary>
    /// <param name="luma">Y', of the size given to the constructor.</param>
    /// <param name="blue">Cb.</param>
    /// <param name="red">Cr.</param>
    /// <param name="square">Which part of the picture.</param>
    /// <param name="crop">[3, S, S] values from 0 to 1: red, green, blue.</param>
    /// <inheritdoc cref="SampleGrey"/>
    public void SampleRgb<T>(
        ReadOnlyPlaneView<T> luma, ReadOnlyPlaneView<T> blue, ReadOnlyPlaneView<T> red, CropSquare square, Span<float> crop)
        where T : unmanaged => Sample(luma, blue, red, square, crop, _rgb);

    private void Sample<T>(
        ReadOnlyPlaneView<T> luma, ReadOnlyPlaneView<T> blue, ReadOnlyPlaneView<T> red, CropSquare square, Span<float> crop, RgbFormula[] channels)
        where T : unmanaged
    {
        _source.ThrowIfNoMatch(luma, blue, red);
        square.ThrowIfInvalid();
        ArgumentOutOfRangeException.ThrowIfNotEqual(crop.Length, channels.Length * _size * _size, nameof(crop));
        var toLuma = square.ToPlane(_size, 0, 0);
        var (lumaX, lumaY) = Extent(toLuma, _source.Width, _source.Height);
        _luma.Load(luma, lumaX, lumaY, Patch.ResamplerOf(lumaX, lumaY));
        var toChroma = square.ToPlane(_size, _source.ChromaShiftX, _source.ChromaShiftY);
        var (chromaX, chromaY) = Extent(toChroma, _source.ChromaWidth, _source.ChromaHeight);
        var resampler = Patch.ResamplerOf(chromaX, chromaY);
        _blue.Load(blue, chromaX, chromaY, resampler);
        _red.Load(red, chromaX, chromaY, resampler);

        toLuma = toLuma.Onto(lumaX, lumaY);
        toChroma = toChroma.Onto(chromaX, chromaY);
        var lumaRow = _rows.AsSpan(0, _size);
        var blueRow = _rows.AsSpan(_size, _size);
        var redRow = _rows.AsSpan(2 * _size, _size);
        for (var y = 0; y < _size; y++)
        {
            _lumaTaps.Aim(toLuma, 0, y, _size, lumaX, lumaY);
            _chromaTaps.Aim(toChroma, 0, y, _size, chromaX, chromaY);
            _luma.Look(_lumaTaps, lumaRow);
            _blue.Look(_chromaTaps, blueRow);
            _red.Look(_chromaTaps, redRow);
            for (var c = 0; c < channels.Length; c++)
            {
                channels[c].Row(lumaRow, blueRow, redRow, crop.Slice(((c * _size) + y) * _size, _size));
            }
        }
    }

    /// <summary>The part of a plane that the crop's four corners span.</summary>
    private (PatchAxis X, PatchAxis Y) Extent(in AffineMap map, int width, int height)
    {
        var last = _size - 1;
        var (a, b, c, d) = (map.Apply(0, 0), map.Apply(last, 0), map.Apply(0, last), map.Apply(last, last));
        return (
            PatchAxis.Around(
                Math.Min(Math.Min(a.X, b.X), Math.Min(c.X, d.X)), Math.Max(Math.Max(a.X, b.X), Math.Max(c.X, d.X)), map.StepX, width),
            PatchAxis.Around(
                Math.Min(Math.Min(a.Y, b.Y), Math.Min(c.Y, d.Y)), Math.Max(Math.Max(a.Y, b.Y), Math.Max(c.Y, d.Y)), map.StepY, height));
    }
}
