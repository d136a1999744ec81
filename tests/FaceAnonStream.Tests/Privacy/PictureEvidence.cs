using FaceAnonStream.Frames;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>How much of a face of the original is still in the output, within the ellipse that its box holds.</summary>
/// <param name="SameShare">Luma samples that did not change, 0 to 1.</param>
/// <param name="DetailCorrelation">Pearson's r between what 3x3 neighbourhoods do not explain in the original and in the
/// output: 1 for a copy, whatever its brightness and contrast; 0 where the output has no such detail at all.</param>
/// <param name="Samples">Luma samples compared.</param>
internal readonly record struct PictureEvidence(double SameShare, double DetailCorrelation, int Samples)
{
    /// <param name="original">Luma plane, row-major.</param>
    /// <param name="output">Luma plane of the same size.</param>
    /// <param name="width">Samples per row.</param>
    /// <param name="box">Box of the face; may reach beyond the frame.</param>
    public static PictureEvidence Compare(ReadOnlySpan<byte> original, ReadOnlySpan<byte> output, int width, RectF box)
    {
        var height = original.Length / width;
        var (same, count) = (0, 0);
        double x1 = 0, y1 = 0, xx = 0, yy = 0, xy = 0;
        for (var row = Math.Max(1, (int)box.Y); row < Math.Min(height - 1, box.Bottom); row++)
        {
            for (var column = Math.Max(1, (int)box.X); column < Math.Min(width - 1, box.Right); column++)
            {
                if (!IsInside(box, column, row))
                {
                    continue;
                }

                var at = (row * width) + column;
                double x = Detail(original, width, at), y = Detail(output, width, at);
                same += original[at] == output[at] ? 1 : 0;
                count++;
                x1 += x;
                y1 += y;
                xx += x * x;
                yy += y * y;
                xy += x * y;
            }
        }

        var variance = ((count * xx) - (x1 * x1)) * ((count * yy) - (y1 * y1));
        return new PictureEvidence((double)same / count, variance > 0 ? ((count * xy) - (x1 * y1)) / Math.Sqrt(variance) : 0, count);
    }

    private static bool IsInside(RectF box, int column, int row)
    {
        var x = (column + 0.5f - box.CenterX) / (box.Width / 2);
        var y = (row + 0.5f - box.CenterY) / (box.Height / 2);
        return (x * x) + (y * y) <= 1;
    }

    /// <summary>Nine times the difference to the mean of 3x3 samples.</summary>
    private static int Detail(ReadOnlySpan<byte> plane, int width, int at)
    {
        var sum = 0;
        for (var above = at - width; above <= at + width; above += width)
        {
            sum += plane[above - 1] + plane[above] + plane[above + 1];
        }

        return (9 * plane[at]) - sum;
    }
}
