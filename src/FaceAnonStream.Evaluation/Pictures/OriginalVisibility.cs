using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Evaluation.Pictures;

/// <summary>
/// Tells whether the original of a face is still to be seen in the output, well or badly encoded, from everything else.
/// </summary>
public static class OriginalVisibility
{
    /// <summary>From here on a face counts as uncovered.</summary>
    public const float Uncovered = 0.6f;

    private const int Side = 48;

    /// <summary>The inner face: this share of the box's sides, around its centre.</summary>
    private const float Inner = 0.7f;

    /// <summary>Correlation of the fine structure of both pictures of a face, -1 to 1.</summary>
    public static float Of(VideoFrame original, VideoFrame anonymised, FaceDetection face)
    {
        var side = Inner * MathF.Max(face.Box.Width, face.Box.Height);
        var corner = new Vector2(face.Box.CenterX - (side / 2), face.Box.CenterY - (side / 2));
        var toFrame = new Similarity(side / Side, 0, corner + new Vector2((side / Side / 2) - 0.5f));
        return Correlation(Luma(original, toFrame), Luma(anonymised, toFrame));
    }

    private static float[] Luma(VideoFrame frame, Similarity toFrame)
    {
        var luma = new float[Side * Side];
        RgbCrop.Of(frame, toFrame, Side).CopyLuma(luma);
        return luma;
    }

    private static float Correlation(float[] a, float[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double product = 0, squareA = 0, squareB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            product += (a[i] - meanA) * (b[i] - meanB);
            squareA += (a[i] - meanA) * (a[i] - meanA);
            squareB += (b[i] - meanB) * (b[i] - meanB);
        }

        return squareA > 0 && squareB > 0 ? (float)(product / Math.Sqrt(squareA * squareB)) : 0;
    }
}
