using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>What YuNet says about one picture at one stride. N cells, row-major over the grid.</summary>
internal readonly ref struct YuNetLevel
{
    /// <summary>Pixels of the network's input per cell.</summary>
    public required int Stride { get; init; }

    /// <summary>Cells per row.</summary>
    public required int Columns { get; init; }

    /// <summary>N class scores.</summary>
    public required ReadOnlySpan<float> Class { get; init; }

    /// <summary>N object scores.</summary>
    public required ReadOnlySpan<float> Object { get; init; }

    /// <summary>N x 4: centre offset in cells, log of the size in cells.</summary>
    public required ReadOnlySpan<float> Box { get; init; }

    /// <summary>N x 10: five points' offsets in cells.</summary>
    public required ReadOnlySpan<float> Points { get; init; }
}

/// <summary>
/// Turns YuNet's outputs into boxes. (W. Wu, H. Peng, S. Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine
/// Intelligence Research 20, 2023; the numbers as in OpenCV's FaceDetectorYN.)
/// </summary>
internal static class YuNetDecoder
{
    /// <summary>Appends every face that scores at least <paramref name="minScore"/>, in input pixels.</summary>
    public static void Decode(in YuNetLevel level, float minScore, List<FaceDetection> faces)
    {
        // The score is the root of a product: comparing the product spares the root for nearly all cells.
        var bound = minScore * minScore;
        var cells = level.Class.Length;
        var cell = 0;
        for (; cell <= cells - Vector<float>.Count; cell += Vector<float>.Count)
        {
            var products = Clamp01(new Vector<float>(level.Class[cell..])) * Clamp01(new Vector<float>(level.Object[cell..]));
            if (Vector.GreaterThanOrEqualAny(products, new Vector<float>(bound)))
            {
                for (var lane = 0; lane < Vector<float>.Count; lane++)
                {
                    DecodeCell(level, cell + lane, products[lane], bound, faces);
                }
            }
        }

        for (; cell < cells; cell++)
        {
            DecodeCell(level, cell, Clamp01(level.Class[cell]) * Clamp01(level.Object[cell]), bound, faces);
        }
    }

    private static void DecodeCell(in YuNetLevel level, int cell, float product, float bound, List<FaceDetection> faces)
    {
        if (product < bound)
        {
            return;
        }

        var (row, column) = Math.DivRem(cell, level.Columns);
        var origin = new Vector2(column, row);
        var box = level.Box.Slice(cell * 4, 4);
        var center = (origin + new Vector2(box[0], box[1])) * level.Stride;
        var points = new FivePoints();
        for (var k = 0; k < FivePoints.Count; k++)
        {
            points[k] = (origin + new Vector2(level.Points.Slice((cell * 2 * FivePoints.Count) + (2 * k), 2))) * level.Stride;
        }

        faces.Add(new FaceDetection(
            RectF.FromCenter(center.X, center.Y, MathF.Exp(box[2]) * level.Stride, MathF.Exp(box[3]) * level.Stride),
            MathF.Sqrt(product),
            points));
    }

    private static float Clamp01(float value) => Math.Clamp(value, 0f, 1f);

    private static Vector<float> Clamp01(Vector<float> value) =>
        Vector.Min(Vector.Max(value, Vector<float>.Zero), Vector<float>.One);
}
