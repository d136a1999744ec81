using System.Runtime.Intrinsics;

namespace FaceAnonStream.Kernels;

/// <summary>
/// Resamples one plane, <see cref="RowsPerCall"/> output rows at a time: down the columns along whole rows, then along
/// the rows with one output row per vector lane. Without that turn the second pass would read single floats.
/// </summary>
internal sealed class PlaneResampler
{
    /// <summary>Output rows that one call makes: the lanes of the vectors of the second pass.</summary>
    public const int RowsPerCall = 4;

    private readonly AxisTaps _horizontal;
    private readonly AxisTaps _vertical;
    private readonly int _width;
    private readonly float[] _columns;
    private readonly Vector128<float>[] _input;
    private readonly Vector128<float>[] _output;

    /// <param name="width">Samples per input row.</param>
    /// <param name="horizontal">Taps along a row.</param>
    /// <param name="vertical">Taps down a column.</param>
    public PlaneResampler(int width, AxisTaps horizontal, AxisTaps vertical)
    {
        _width = width;
        _horizontal = horizontal;
        _vertical = vertical;
        _columns = new float[RowsPerCall * PaddedLength(width)];
        _input = new Vector128<float>[PaddedLength(width)];
        _output = new Vector128<float>[PaddedLength(horizontal.Starts.Length)];
    }

    /// <summary>The least multiple of the lanes that holds <paramref name="samples"/>.</summary>
    public static int PaddedLength(int samples) => (samples + RowsPerCall - 1) / RowsPerCall * RowsPerCall;

    /// <summary>Computes output rows <paramref name="y"/> and following; those beyond the last repeat it.</summary>
    /// <param name="plane">The input.</param>
    /// <param name="y">First output row.</param>
    /// <param name="rows"><see cref="RowsPerCall"/> rows of <see cref="PaddedLength"/> of the output width.</param>
    public void Rows<T>(ReadOnlyPlaneView<T> plane, int y, Span<float> rows)
        where T : unmanaged
    {
        var stride = _input.Length;
        for (var r = 0; r < RowsPerCall; r++)
        {
            DownColumns(plane, Math.Min(y + r, _vertical.Starts.Length - 1), _columns.AsSpan(r * stride, _width));
        }

        Lanes4x4.FromRows(_columns, _input);
        AlongRows();
        Lanes4x4.ToRows(_output, rows);
    }

    private void DownColumns<T>(ReadOnlyPlaneView<T> plane, int y, Span<float> row)
        where T : unmanaged
    {
        var start = _vertical.Starts[y];
        var weights = _vertical.Weights.AsSpan(y * _vertical.Count, _vertical.Count);
        RowTraversal.Fold(plane.Row(start), row, new ScaleFormula(weights[0]));
        for (var k = 1; k < weights.Length; k++)
        {
            if (weights[k] != 0)
            {
                RowTraversal.Fold(plane.Row(start + k), row, new AccumulateFormula(weights[k]));
            }
        }
    }

    private void AlongRows()
    {
        var starts = _horizontal.Starts.AsSpan();
        var output = _output.AsSpan(0, starts.Length);
        var weights = _horizontal.Weights.AsSpan();
        var count = _horizontal.Count;
        for (var x = 0; x < starts.Length; x++)
        {
            var samples = _input.AsSpan(starts[x], count);
            var sum = samples[0] * weights[0];
            for (var k = 1; k < samples.Length && k < weights.Length; k++)
            {
                sum += samples[k] * weights[k];
            }

            weights = weights[count..];
            output[x] = sum;
        }
    }
}
