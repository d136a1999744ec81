using System.Buffers;

namespace FaceAnonStream.Kernels;

/// <summary>The means of a grid's cells.</summary>
internal static class CellMeans
{
    /// <param name="plane">The plane that the grid lies in.</param>
    /// <param name="columns">The grid along x.</param>
    /// <param name="rows">The grid along y.</param>
    /// <param name="means">Receives <c>rows.Count · columns.Count</c> means, row by row.</param>
    public static void Measure<T>(ReadOnlyPlaneView<T> plane, CellAxis columns, CellAxis rows, Span<float> means)
        where T : unmanaged
    {
        var width = columns.Last - columns.First;
        var scratch = ArrayPool<float>.Shared.Rent(width);
        // Integers in float: exact up to 2^24, 16 thousand rows of 10-bit samples.
        var sums = scratch.AsSpan(0, width);
        for (var j = 0; j < rows.Count; j++)
        {
            sums.Clear();
            for (var y = rows.Edge(j); y < rows.Edge(j + 1); y++)
            {
                RowTraversal.Fold(plane.Row(y).Slice(columns.First, width), sums, new AccumulateFormula(1));
            }

            for (var i = 0; i < columns.Count; i++)
            {
                var cell = sums[(columns.Edge(i) - columns.First)..(columns.Edge(i + 1) - columns.First)];
                var total = 0.0;
                foreach (var sum in cell)
                {
                    total += sum;
                }

                var samples = (double)cell.Length * (rows.Edge(j + 1) - rows.Edge(j));
                means[(j * columns.Count) + i] = (float)(total / samples);
            }
        }

        ArrayPool<float>.Shared.Return(scratch, clearArray: true);
    }
}
