namespace FaceAnonStream.Kernels;

/// <summary>
/// Part of a plane as floats, shrunk by area average where a map would pass over samples, to be looked at along turned
/// rows. Not thread-safe.
/// </summary>
internal sealed class Patch
{
    private float[] _cells = [];
    private int _rowStep;

    /// <summary>Reads a part of a plane.</summary>
    /// <param name="plane">Where from.</param>
    /// <param name="x">Its columns.</param>
    /// <param name="y">Its rows.</param>
    /// <param name="resampler">Made by <see cref="ResamplerOf"/> for the same part.</param>
    public void Load<T>(ReadOnlyPlaneView<T> plane, PatchAxis x, PatchAxis y, PlaneResampler resampler)
        where T : unmanaged
    {
        var part = plane.Part(x.First, y.First, x.Samples, y.Samples);
        _rowStep = StrideOf(x);
        var length = PlaneResampler.PaddedLength(y.Cells) * _rowStep;
        if (_cells.Length < length)
        {
            _cells = new float[length];
        }

        for (var row = 0; row < y.Cells; row += PlaneResampler.RowsPerCall)
        {
            resampler.Rows(part, row, _cells.AsSpan(row * _rowStep, PlaneResampler.RowsPerCall * _rowStep));
        }
    }

    /// <summary>Shrinks parts of one size, of any plane.</summary>
    public static PlaneResampler ResamplerOf(PatchAxis x, PatchAxis y) => new(
        x.Samples, new AxisTaps(x.Samples, 0, x.Samples, x.Cells), new AxisTaps(y.Samples, 0, y.Samples, y.Cells));

    /// <summary>Floats from a cell to the one below.</summary>
    public static int StrideOf(PatchAxis x) => PlaneResampler.PaddedLength(x.Cells);

    /// <summary>Interpolates linearly between cells.</summary>
    /// <param name="taps">Where to look.</param>
    /// <param name="row">Receives one value per look.</param>
    public void Look(RowTaps taps, Span<float> row)
    {
        var corners = taps.Corners(row.Length);
        var right = taps.Right(row.Length);
        var down = taps.Down(row.Length);
        ReadOnlySpan<float> cells = _cells;
        var (stepX, stepY) = (taps.StepX, taps.StepY);
        for (var i = 0; i < row.Length; i++)
        {
            var corner = corners[i];
            var below = corner + stepY;
            var (a, b) = (cells[corner], cells[corner + stepX]);
            var (c, d) = (cells[below], cells[below + stepX]);
            var top = a + (right[i] * (b - a));
            var bottom = c + (right[i] * (d - c));
            row[i] = top + (down[i] * (bottom - top));
        }
    }
}
