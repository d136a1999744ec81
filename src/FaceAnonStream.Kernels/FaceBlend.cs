namespace FaceAnonStream.Kernels;

/// <summary>
/// Draws a face of R'G'B' pixels through its mask into the planes of a picture, each plane at its own resolution: a sample
/// gets the mean of what covers it, weighted by the mask, in the picture's own matrix, range and depth. The drawing is
/// shrunk by area average where it has more pixels than the picture has samples. Not thread-safe: an instance owns its
/// scratch memory.
/// </summary>
public sealed class FaceBlend
{
    private readonly PlanarSource _target;
    private readonly CodeFormula[] _formulas;
    private readonly Patch _mask = new();
    private readonly Patch _colour = new();
    private readonly RowTaps _taps = new();
    private float[] _codes = [];
    private float[] _shares = [];
    private float[] _colours = [];

    /// <param name="target">The planes that will be given.</param>
    public FaceBlend(PlanarSource target)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.ThrowIfInvalid();
        _target = target;
        _formulas = CodeFormula.Create(target.Color, target.BitDepth);
    }

    /// <summary>Draws one face. Samples where the mask is 0, and all outside the square, keep every bit.</summary>
    /// <typeparam name="T"><see cref="byte"/> at 8 bits, <see cref="ushort"/> above.</typeparam>
    /// <param name="luma">Y', of the size given to the constructor.</param>
    /// <param name="blue">Cb.</param>
    /// <param name="red">Cr.</param>
    /// <param name="square">Where the drawing belongs; parts beyond the picture are left out.</param>
    /// <param name="size">Width and height of the drawing in pixels, at least 1.</param>
    /// <param name="face">[3, S, S] finite values, 0 to 1: red, green, blue.</param>
    /// <param name="mask">[S, S] finite values: the share of the drawing, 0 to 1.</param>
    /// <exception cref="ArgumentException">A plane, the sample type, the square or the drawing does not match.</exception>
    public void Draw<T>(
        PlaneView<T> luma, PlaneView<T> blue, PlaneView<T> red, CropSquare square, int size, ReadOnlySpan<float> face, ReadOnlySpan<float> mask)
        where T : unmanaged
    {
        _target.ThrowIfNoMatch<T>(luma, blue, red);
        square.ThrowIfInvalid();
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(face.Length, 3 * size * size, nameof(face));
        ArgumentOutOfRangeException.ThrowIfNotEqual(mask.Length, size * size, nameof(mask));
        if (CropBounds.Of(mask, size) is not { } bounds)
        {
            return;
        }

        Prepare(face, mask);
        Draw(luma, Codes(0, size), square.ToPlane(size, 0, 0), size, bounds);
        var toChroma = square.ToPlane(size, _target.ChromaShiftX, _target.ChromaShiftY);
        Draw(blue, Codes(1, size), toChroma, size, bounds);
        Draw(red, Codes(2, size), toChroma, size, bounds);
    }

    private void Draw<T>(PlaneView<T> plane, ReadOnlyPlaneView<float> codes, in AffineMap toPlane, int size, CropBounds bounds)
        where T : unmanaged
    {
        var toCrop = toPlane.Inverse();
        // A look takes in cells beside it, and a cell the pixels under it.
        var reach = CropBounds.Whole(size).Intersect(
            bounds.Grow(PatchAxis.Reach(toCrop.StepX), PatchAxis.Reach(toCrop.StepY)));
        var (top, bottom) = reach.Rows(toPlane, plane.Height);
        if (top == bottom)
        {
            return;
        }

        var x = PatchAxis.Around(reach.Left, reach.Right, toCrop.StepX, size);
        var y = PatchAxis.Around(reach.Top, reach.Bottom, toCrop.StepY, size);
        var resampler = Patch.ResamplerOf(x, y);
        _mask.Load(Codes(_formulas.Length, size), x, y, resampler);
        _colour.Load(codes, x, y, resampler);
        var toPatch = toCrop.Onto(x, y);
        for (var row = top; row < bottom; row++)
        {
            var (first, end) = reach.Columns(toCrop, row, plane.Width);
            DrawRow(plane.Row(row)[first..end], toPatch, first, row, x, y);
        }
    }

    private void DrawRow<T>(Span<T> samples, in AffineMap toPatch, int first, int row, PatchAxis x, PatchAxis y)
        where T : unmanaged
    {
        if (_shares.Length < samples.Length)
        {
            _shares = new float[samples.Length];
            _colours = new float[samples.Length];
        }

        var shares = _shares.AsSpan(0, samples.Length);
        var colours = _colours.AsSpan(0, samples.Length);
        _taps.Aim(toPatch, first, row, samples.Length, x, y);
        _mask.Look(_taps, shares);
        _colour.Look(_taps, colours);
        RowTraversal.Replace(samples, shares, colours, default(OverFormula));
    }

    /// <summary>Turns the face into codes times mask, so that pixels outside the mask cannot bleed into the mean of a
    /// sample, and keeps the mask beside them.</summary>
    private void Prepare(ReadOnlySpan<float> face, ReadOnlySpan<float> mask)
    {
        if (_codes.Length < (_formulas.Length + 1) * mask.Length)
        {
            _codes = new float[(_formulas.Length + 1) * mask.Length];
        }

        for (var c = 0; c < _formulas.Length; c++)
        {
            _formulas[c].Run(face, mask, _codes.AsSpan(c * mask.Length, mask.Length));
        }

        CodeFormula.Mask.Run(face, mask, _codes.AsSpan(_formulas.Length * mask.Length, mask.Length));
    }

    private ReadOnlyPlaneView<float> Codes(int channel, int size) => new(_codes.AsSpan(channel * size * size, size * size), size, size, size);
}
