namespace FaceAnonStream.Inference.Surrogate;

/// <summary>Measures in a crop what a drawing needs to fit in: five numbers, from coarse means of its middle.</summary>
internal sealed class AppearanceMeter(SurrogateRecipe recipe)
{
    /// <summary>Contrast, luma, red, blue, light.</summary>
    public const int Count = 5;

    private const float LeastContrast = 1e-4f;
    private const float LeastLuma = 1e-3f;

    private readonly int _columns = recipe.Window.Right - recipe.Window.Left;
    private readonly int _rows = recipe.Window.Bottom - recipe.Window.Top;

    /// <param name="crop">[3, S, S], RGB, 0 to 1.</param>
    /// <param name="size">S, a multiple of the blocks.</param>
    /// <returns>ln contrast (RMS difference of neighbouring blocks' luma), ln luma, Cr and Cb over luma, and light: ln of the
    /// right half's luma over the left half's.</returns>
    public float[] Measure(ReadOnlySpan<float> crop, int size)
    {
        var skin = new float[3][];
        for (var plane = 0; plane < skin.Length; plane++)
        {
            skin[plane] = Blocks(crop.Slice(plane * size * size, size * size), size);
        }

        var lumas = new float[_rows * _columns];
        for (var i = 0; i < lumas.Length; i++)
        {
            lumas[i] = Luma(skin[0][i], skin[1][i], skin[2][i]);
        }

        var (red, green, blue) = (RunningMedian.Median([.. skin[0]]), RunningMedian.Median([.. skin[1]]), RunningMedian.Median([.. skin[2]]));
        var luma = MathF.Max(Luma(red, green, blue), LeastLuma);
        var half = _columns / 2;
        return
        [
            MathF.Log(MathF.Max(Contrast(lumas), LeastContrast)),
            MathF.Log(luma),
            (red - luma) / 1.402f / luma,
            (blue - luma) / 1.772f / luma,
            MathF.Log((Mean(lumas, half, _columns) + LeastLuma) / (Mean(lumas, 0, half) + LeastLuma)),
        ];
    }

    private static float Luma(float red, float green, float blue) => (0.299f * red) + (0.587f * green) + (0.114f * blue);

    /// <summary>Means of the window's squares of one plane, row by row.</summary>
    private float[] Blocks(ReadOnlySpan<float> plane, int size)
    {
        var side = size / recipe.Blocks;
        var means = new float[_rows * _columns];
        for (var i = 0; i < means.Length; i++)
        {
            var (row, column) = Math.DivRem(i, _columns);
            var left = (column + recipe.Window.Left) * side;
            for (var y = 0; y < side; y++)
            {
                foreach (var value in plane.Slice(((((row + recipe.Window.Top) * side) + y) * size) + left, side))
                {
                    means[i] += value / (side * side);
                }
            }
        }

        return means;
    }

    private float Contrast(float[] lumas)
    {
        var (across, down) = (0f, 0f);
        for (var i = 0; i < lumas.Length; i++)
        {
            if (i % _columns > 0)
            {
                across += Square(lumas[i] - lumas[i - 1]);
            }

            if (i >= _columns)
            {
                down += Square(lumas[i] - lumas[i - _columns]);
            }
        }

        return MathF.Sqrt((across / (_rows * (_columns - 1))) + (down / ((_rows - 1) * _columns)));
    }

    private float Mean(float[] lumas, int fromColumn, int toColumn)
    {
        var sum = 0f;
        for (var i = 0; i < lumas.Length; i++)
        {
            sum += i % _columns >= fromColumn && i % _columns < toColumn ? lumas[i] : 0;
        }

        return sum / (_rows * (toColumn - fromColumn));
    }

    private static float Square(float value) => value * value;
}
