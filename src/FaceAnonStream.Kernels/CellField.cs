using System.Buffers;

namespace FaceAnonStream.Kernels;

/// <summary>
/// Covers an ellipse of a plane irreversibly: at most <see cref="MaxCells"/> × <see cref="MaxCells"/> cell means are
/// all that is left of what was inside.
/// <para>The value at (x, y) is <c>Σ_j Wy[y][j] Σ_i Wx[x][i] C[j][i]</c>, where C are the means of a grid over the
/// ellipse and its soft edge. W is one-hot for a mosaic and the integral of a Gaussian over each cell for blur, which
/// is that mosaic convolved with the Gaussian: no detail finer than a cell survives. A cell spans at least 4 × 4 samples,
/// so that small faces get fewer cells and no cell shows a single sample.</para>
/// <para>The value replaces every sample that touches the ellipse. Outside, it fades by a smooth step to the untouched
/// picture at <c>radius · (1 + feather)</c>.</para>
/// </summary>
public static class CellField
{
    /// <summary>The most cells along one side.</summary>
    public const int MaxCells = 8;

    /// <summary>Covers <paramref name="ellipse"/>; samples outside the soft edge keep every bit.</summary>
    /// <typeparam name="T"><see cref="byte"/> or <see cref="ushort"/>.</typeparam>
    /// <param name="plane">Any plane; for subsampled chroma the caller scales the ellipse to it.</param>
    /// <param name="ellipse">What to cover; outside the plane, nothing happens.</param>
    /// <param name="options">How to cover it.</param>
    /// <exception cref="ArgumentException">The ellipse is not finite, an option is outside its range, or
    /// <typeparamref name="T"/> is no plane sample.</exception>
    public static void Cover<T>(PlaneView<T> plane, Ellipse ellipse, in CellFieldOptions options)
        where T : unmanaged
    {
        Sample<T>.ThrowIfNotPlaneSample();
        ellipse.ThrowIfInvalid();
        options.ThrowIfInvalid(Sample<T>.Max);
        var shape = new SoftEllipse(ellipse, options.Feather);
        var (left, right) = shape.Columns(plane.Width);
        var (top, bottom) = shape.Rows(plane.Height);
        if (left >= right || top >= bottom)
        {
            return;
        }

        var width = right - left;
        var scratch = ArrayPool<float>.Shared.Rent((2 + MaxCells) * width);
        var distances = scratch.AsSpan(0, width);
        var values = scratch.AsSpan(width, width);
        for (var x = 0; x < width; x++)
        {
            distances[x] = shape.ColumnDistance(left + x);
        }

        if (options.Mode == CellFieldMode.Solid)
        {
            values.Fill(options.SolidValue);
            for (var y = top; y < bottom; y++)
            {
                Blend(plane.Row(y).Slice(left, width), values, distances, shape, y);
            }
        }
        else
        {
            Render(plane, left, top, bottom, shape, options, values, distances, scratch.AsSpan(2 * width));
        }

        ArrayPool<float>.Shared.Return(scratch, clearArray: true);
    }

    private static void Render<T>(
        PlaneView<T> plane, int left, int top, int bottom, SoftEllipse shape, in CellFieldOptions options,
        Span<float> values, ReadOnlySpan<float> distances, Span<float> columnWeights)
        where T : unmanaged
    {
        var width = values.Length;
        var blur = options.Mode == CellFieldMode.Blur;
        var halfCell = Math.Max(shape.OuterX, shape.OuterY) / options.Cells;
        var columns = Axis(stackalloc int[MaxCells + 1], shape.CenterX, shape.OuterX, plane.Width);
        var rows = Axis(stackalloc int[MaxCells + 1], shape.CenterY, shape.OuterY, plane.Height);
        Span<float> means = stackalloc float[MaxCells * MaxCells];
        CellMeans.Measure<T>(plane, columns, rows, means);

        Span<float> weights = stackalloc float[MaxCells];
        for (var x = 0; x < width; x++)
        {
            columns.Weigh(left + x, weights);
            for (var i = 0; i < columns.Count; i++)
            {
                columnWeights[(i * width) + x] = weights[i];
            }
        }

        Span<float> previous = stackalloc float[MaxCells];
        weights.Clear();
        for (var y = top; y < bottom; y++)
        {
            rows.Weigh(y, weights);
            // All rows of a mosaic cell have the same values.
            if (!weights.SequenceEqual(previous))
            {
                weights.CopyTo(previous);
                values.Clear();
                for (var i = 0; i < columns.Count; i++)
                {
                    var mean = 0f;
                    for (var j = 0; j < rows.Count; j++)
                    {
                        mean += weights[j] * means[(j * columns.Count) + i];
                    }

                    RowTraversal.Fold(columnWeights.Slice(i * width, width), values, new AccumulateFormula(mean));
                }
            }

            Blend(plane.Row(y).Slice(left, width), values, distances, shape, y);
        }

        CellAxis Axis(Span<int> edges, double center, double outer, int samples)
        {
            var half = Math.Max(outer, CellAxis.MinSide / 2.0);
            return new CellAxis(edges, center - half, center + half, (int)Math.Round(outer / halfCell), samples, blur);
        }
    }

    private static void Blend<T>(
        Span<T> row, ReadOnlySpan<float> values, ReadOnlySpan<float> distances, SoftEllipse shape, int y)
        where T : unmanaged =>
        RowTraversal.Replace(row, values, distances, new EllipseBlendFormula(shape.RowDistance(y), shape.Feather));
}
