using System.Numerics;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Kernels;

/// <summary>Where a row of looks falls in a <see cref="Patch"/>: four cells and two weights for each. Not thread-safe.</summary>
internal sealed class RowTaps
{
    private int[] _corners = [];
    private float[] _right = [];
    private float[] _down = [];

    /// <summary>Floats from a cell to its right neighbour; 0 when there is one column.</summary>
    public int StepX { get; private set; }

    /// <summary>Floats from a cell to the one below; 0 when there is one row.</summary>
    public int StepY { get; private set; }

    /// <summary>Index of the upper left cell of each look.</summary>
    public ReadOnlySpan<int> Corners(int count) => _corners.AsSpan(0, count);

    /// <summary>Weights of the right cells, 0 to 1.</summary>
    public ReadOnlySpan<float> Right(int count) => _right.AsSpan(0, count);

    /// <summary>Weights of the lower cells, 0 to 1.</summary>
    public ReadOnlySpan<float> Down(int count) => _down.AsSpan(0, count);

    /// <summary>Aims at the images of (x, y), (x + 1, y), … Beyond the patch its edge repeats.</summary>
    /// <param name="map">To cells of the patch.</param>
    /// <param name="x">The first look.</param>
    /// <param name="y">The row of looks.</param>
    /// <param name="count">How many.</param>
    /// <param name="columns">The patch's columns.</param>
    /// <param name="rows">The patch's rows.</param>
    public void Aim(in AffineMap map, int x, int y, int count, PatchAxis columns, PatchAxis rows)
    {
        Reserve(count);
        var stride = Patch.StrideOf(columns);
        StepX = columns.Cells > 1 ? 1 : 0;
        StepY = rows.Cells > 1 ? stride : 0;
        var corners = MemoryMarshal.Cast<int, Vector<int>>(_corners.AsSpan());
        var right = MemoryMarshal.Cast<float, Vector<float>>(_right.AsSpan())[..corners.Length];
        var down = MemoryMarshal.Cast<float, Vector<float>>(_down.AsSpan())[..corners.Length];
        var (startX, startY) = map.Apply(x, y);
        var used = (count + Vector<int>.Count - 1) / Vector<int>.Count;
        for (var i = 0; i < used; i++)
        {
            var steps = Vector<float>.Indices + new Vector<float>(i * Vector<float>.Count);
            var column = Split((new Vector<float>((float)map.Xx) * steps) + new Vector<float>((float)startX), columns.Cells, out right[i]);
            var row = Split((new Vector<float>((float)map.Yx) * steps) + new Vector<float>((float)startY), rows.Cells, out down[i]);
            corners[i] = column + (row * stride);
        }
    }

    private static Vector<int> Split(Vector<float> position, int cells, out Vector<float> share)
    {
        var inside = Vector.Min(Vector.Max(position, Vector<float>.Zero), new Vector<float>(cells - 1));
        var corner = Vector.Min(Vector.Floor(inside), new Vector<float>(Math.Max(cells - 2, 0)));
        share = inside - corner;
        return Vector.ConvertToInt32(corner);
    }

    private void Reserve(int count)
    {
        if (_corners.Length < count)
        {
            var length = (count + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
            _corners = new int[length];
            _right = new float[length];
            _down = new float[length];
        }
    }
}
