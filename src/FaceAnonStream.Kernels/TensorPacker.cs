namespace FaceAnonStream.Kernels;

/// <summary>
/// Packs a region of a planar picture straight into a network's input: area average (or linear interpolation where it
/// enlarges), Y'CbCr to R'G'B', normalisation and channel planes in one pass, without a whole-frame RGB picture. Chroma
/// counts as co-centred with its block of luma. Not thread-safe: an instance owns its scratch rows.
/// </summary>
public sealed class TensorPacker
{
    private const int Group = PlaneResampler.RowsPerCall;
    private readonly PlanarSource _source;
    private readonly TensorLayout _layout;
    private readonly PlaneResampler _luma;
    private readonly PlaneResampler _chroma;
    private readonly float[] _rows;
    private readonly RgbFormula[] _channels;

    /// <param name="source">The planes that <see cref="Pack"/> will be given.</param>
    /// <param name="region">The part of the picture to pack, in luma pixels.</param>
    /// <param name="layout">The network's input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range, or the region leaves the picture.</exception>
    public TensorPacker(PlanarSource source, PixelRect region, TensorLayout layout)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(layout);
        source.ThrowIfInvalid();
        region.ThrowIfOutside(source.Width, source.Height);
        layout.ThrowIfInvalid();
        _source = source;
        _layout = layout;
        _luma = Resampler(source.Width, source.Height, 0, 0);
        _chroma = Resampler(source.ChromaWidth, source.ChromaHeight, source.ChromaShiftX, source.ChromaShiftY);
        _rows = new float[3 * Group * PlaneResampler.PaddedLength(layout.ContentWidth)];
        var (red, green, blue) = RgbFormula.Create(source.Color, source.BitDepth, layout.Scale, layout.Offset);
        _channels = layout.Order == ChannelOrder.Rgb ? [red, green, blue] : [blue, green, red];

        PlaneResampler Resampler(int width, int height, int shiftX, int shiftY)
        {
            var (blockX, blockY) = ((double)(1 << shiftX), (double)(1 << shiftY));
            return new PlaneResampler(
                width,
                new AxisTaps(width, region.X / blockX, region.Width / blockX, layout.ContentWidth),
                new AxisTaps(height, region.Y / blockY, region.Height / blockY, layout.ContentHeight));
        }
    }

    /// <summary>Fills <paramref name="chw"/> with three channel planes.</summary>
    /// <typeparam name="T"><see cref="byte"/> at 8 bits, <see cref="ushort"/> above.</typeparam>
    /// <param name="luma">Y', of the size given to the constructor.</param>
    /// <param name="blue">Cb.</param>
    /// <param name="red">Cr.</param>
    /// <param name="chw">Exactly <see cref="TensorLayout.Length"/> floats.</param>
    /// <exception cref="ArgumentException">A plane, the sample type or the output does not match.</exception>
    public void Pack<T>(
        ReadOnlyPlaneView<T> luma, ReadOnlyPlaneView<T> blue, ReadOnlyPlaneView<T> red, Span<float> chw)
        where T : unmanaged
    {
        _source.ThrowIfNoMatch(luma, blue, red);
        ArgumentOutOfRangeException.ThrowIfNotEqual(chw.Length, _layout.Length, nameof(chw));

        var stride = PlaneResampler.PaddedLength(_layout.ContentWidth);
        var lumaRows = _rows.AsSpan(0, Group * stride);
        var blueRows = _rows.AsSpan(Group * stride, Group * stride);
        var redRows = _rows.AsSpan(2 * Group * stride, Group * stride);
        for (var y = 0; y < _layout.ContentHeight; y += Group)
        {
            _luma.Rows(luma, y, lumaRows);
            _chroma.Rows(blue, y, blueRows);
            _chroma.Rows(red, y, redRows);
            for (var r = 0; r < Math.Min(Group, _layout.ContentHeight - y); r++)
            {
                var row = new Range(r * stride, (r * stride) + _layout.ContentWidth);
                Color(lumaRows[row], blueRows[row], redRows[row], y + r, chw);
            }
        }

        var padding = (_layout.Height - _layout.ContentHeight) * _layout.Width;
        for (var c = 1; c <= _channels.Length; c++)
        {
            chw.Slice((c * _layout.Height * _layout.Width) - padding, padding).Fill(_layout.Offset);
        }
    }

    private void Color(
        ReadOnlySpan<float> luma, ReadOnlySpan<float> blue, ReadOnlySpan<float> red, int y, Span<float> chw)
    {
        for (var c = 0; c < _channels.Length; c++)
        {
            var row = chw.Slice(((c * _layout.Height) + y) * _layout.Width, _layout.Width);
            _channels[c].Row(luma, blue, red, row[..luma.Length]);
            row[luma.Length..].Fill(_layout.Offset);
        }
    }
}
