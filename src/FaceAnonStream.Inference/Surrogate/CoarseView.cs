using System.Numerics.Tensors;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>What is left of a square plane when it is reduced to the means of a few squares, and linear between their centres.</summary>
internal sealed class CoarseView
{
    private readonly int _size;
    private readonly int _blocks;

    /// <summary>[blocks, size]: the means of each row of squares, drawn out to the plane's width.</summary>
    private readonly float[] _rows;

    private CoarseView(int size, int blocks)
    {
        _size = size;
        _blocks = blocks;
        _rows = new float[blocks * size];
    }

    /// <param name="plane">[S, S]; may be overwritten afterwards.</param>
    /// <param name="size">S, a multiple of <paramref name="blocks"/>.</param>
    /// <param name="blocks">Squares along a side, at least 1.</param>
    public static CoarseView Of(ReadOnlySpan<float> plane, int size, int blocks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(plane.Length, size * size, nameof(plane));
        ArgumentOutOfRangeException.ThrowIfNotEqual(size % blocks, 0, nameof(blocks));
        var view = new CoarseView(size, blocks);
        var side = size / blocks;
        var means = new float[blocks];
        for (var block = 0; block < blocks; block++)
        {
            var row = view._rows.AsSpan(block * size, size);
            for (var y = 0; y < side; y++)
            {
                TensorPrimitives.Add(row, plane.Slice(((block * side) + y) * size, size), row);
            }

            for (var i = 0; i < blocks; i++)
            {
                means[i] = TensorPrimitives.Sum<float>(row.Slice(i * side, side)) / (side * side);
            }

            for (var x = 0; x < size; x++)
            {
                var (left, right, share) = view.Between(x);
                row[x] = float.Lerp(means[left], means[right], share);
            }
        }

        return view;
    }

    /// <summary>One row of the plane as it is seen.</summary>
    /// <param name="y">0 to S - 1.</param>
    /// <param name="row">[S], filled.</param>
    public void Row(int y, Span<float> row)
    {
        var (above, below, share) = Between(y);
        TensorPrimitives.Lerp(_rows.AsSpan(above * _size, _size), _rows.AsSpan(below * _size, _size), share, row);
    }

    /// <summary>The squares before and after a pixel's centre, and how near it is to the second.</summary>
    private (int First, int Second, float Share) Between(int pixel)
    {
        var place = Math.Clamp(((pixel + 0.5f) * _blocks / _size) - 0.5f, 0, _blocks - 1);
        var first = (int)place;
        return (first, Math.Min(first + 1, _blocks - 1), place - first);
    }
}
