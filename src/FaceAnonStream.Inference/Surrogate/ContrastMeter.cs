namespace FaceAnonStream.Inference.Surrogate;

/// <summary>Measures how strong a crop's contrasts are, between coarse means of its middle: a drawing needs it to fit in.</summary>
internal sealed class ContrastMeter(SurrogateRecipe recipe)
{
    private const float Least = 1e-4f;

    private readonly int _columns = recipe.Window.Right - recipe.Window.Left;
    private readonly int _rows = recipe.Window.Bottom - recipe.Window.Top;

    /// <param name="crop">[3, S, S], RGB, 0 to 1.</param>
    /// <param name="size">S, a multiple of the blocks.</param>
    /// <returns>The logarithm of the RMS difference of neighbouring blocks' luma.</returns>
    public float Measure(ReadOnlySpan<float> crop, int size)
    {
        var lumas = new float[_rows * _columns];
        var plane = size * size;
        AddBlocks(crop[..plane], size, 0.299f, lumas);
        AddBlocks(crop.Slice(plane, plane), size, 0.587f, lumas);
        AddBlocks(crop.Slice(2 * plane, plane), size, 0.114f, lumas);
        var (across, down) = (0f, 0f);
        for (var i = 0; i < lumas.Length; i++)
        {
            across += i % _columns > 0 ? Square(lumas[i] - lumas[i - 1]) : 0;
            down += i >= _columns ? Square(lumas[i] - lumas[i - _columns]) : 0;
        }

        var contrast = MathF.Sqrt((across / (_rows * (_columns - 1))) + (down / ((_rows - 1) * _columns)));
        return MathF.Log(MathF.Max(contrast, Least));
    }

    /// <summary>Adds a share of the means of the window's squares of one plane, row by row.</summary>
    private void AddBlocks(ReadOnlySpan<float> plane, int size, float share, float[] sums)
    {
        var side = size / recipe.Blocks;
        var weight = share / (side * side);
        for (var i = 0; i < sums.Length; i++)
        {
            var (row, column) = Math.DivRem(i, _columns);
            var left = (column + recipe.Window.Left) * side;
            for (var y = 0; y < side; y++)
            {
                foreach (var value in plane.Slice(((((row + recipe.Window.Top) * side) + y) * size) + left, side))
                {
                    sums[i] += weight * value;
                }
            }
        }
    }

    private static float Square(float value) => value * value;
}
