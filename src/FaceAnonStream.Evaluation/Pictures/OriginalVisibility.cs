using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Evaluation.Pictures;

/// <summary>
/// How much of an original face is to be seen in the output. Both numbers compare the luma of the inner face, averaged to
/// 16 x 16 px: coarse enough to survive an encoder, fine enough that a mosaic or blur loses it.
/// </summary>
/// <param name="Likeness">Share of the original's variance that the output repeats at the same level, up to 1: mean light and
/// contrast count, so that another face in the same pose does not pass.</param>
/// <param name="Detail">Correlation of what is finer than an eighth of the inner face, -1 to 1: a blur keeps the rest.</param>
public readonly record struct OriginalVisibility(float Likeness, float Detail)
{
    // Measured on 1002 faces of eight clips, 60 frames each. Called original, of faces under 24 px, to 50 px and above: of
    // those encoded anew at crf 20 100 %, 100 %, 100 %; at crf 35 62 %, 96 %, 100 % (of the others the encoder has left
    // little); of those under blur, mosaic and solid none; of those with a synthetic face 0 %, 1 %, 0 %.
    private const float LeastLikeness = 0.65f;
    private const float LeastDetail = 0.7f;

    /// <summary>Of faces under 24 px so little is left that more of it must agree.</summary>
    private const float LeastOfSmall = 0.75f;

    /// <summary>Below this longer side of the box a mosaic, whose cells have at least 4 px, has two or three of them across the
    /// inner face. Where its edges meet the face's own, detail agrees by chance: up to 0.8 has been seen.</summary>
    private const float CoarseSidePx = 16;

    private const float LeastDetailOfCoarse = 0.85f;

    private const int Side = 16;

    /// <summary>The inner face: this share of the box's longer side, around its centre.</summary>
    private const float Inner = 0.7f;

    private const double DetailSigma = Side / 8.0;

    /// <summary>Below this variance per pixel a picture shows nothing.</summary>
    private const double LeastVariance = 1;

    /// <summary>Whether the original is there, well or badly encoded: not a cover, nor another face in its place.</summary>
    /// <param name="sidePx">Longer side of the face's box in the original.</param>
    public bool IsOriginal(float sidePx) => FaceSizes.Of(sidePx) == FaceSize.Small
        ? Likeness >= LeastOfSmall && Detail >= (sidePx < CoarseSidePx ? LeastDetailOfCoarse : LeastOfSmall)
        : Likeness >= LeastLikeness && Detail >= LeastDetail;

    /// <summary>Compares the same place of both pictures.</summary>
    /// <param name="original">Borrowed.</param>
    /// <param name="anonymised">Borrowed; of the same size.</param>
    /// <param name="face">Where the face is in the original.</param>
    public static OriginalVisibility Of(VideoFrame original, VideoFrame anonymised, FaceDetection face)
    {
        var side = Inner * MathF.Max(face.Box.Width, face.Box.Height);
        var corner = new Vector2(face.Box.CenterX - (side / 2), face.Box.CenterY - (side / 2));
        var toFrame = new Similarity(side / Side, 0, corner + new Vector2((side / Side / 2) - 0.5f));
        var (before, after) = (Luma(original, toFrame), Luma(anonymised, toFrame));
        return new OriginalVisibility((float)Explained(before, after), (float)Correlation(Detailed(before), Detailed(after)));
    }

    private static double[] Luma(VideoFrame frame, Similarity toFrame)
    {
        var luma = new float[Side * Side];
        RgbCrop.Of(frame, toFrame, Side).CopyLuma(luma);
        return Array.ConvertAll(luma, value => (double)value);
    }

    private static double Explained(double[] original, double[] anonymised)
    {
        var mean = original.Average();
        var total = original.Sum(value => (value - mean) * (value - mean));
        var left = original.Zip(anonymised, (a, b) => (a - b) * (a - b)).Sum();
        return 1 - (left / Math.Max(total, LeastVariance * original.Length));
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var squareA = a.Sum(value => (value - meanA) * (value - meanA));
        var squareB = b.Sum(value => (value - meanB) * (value - meanB));
        var product = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return Math.Min(squareA, squareB) > 1e-3 ? product / Math.Sqrt(squareA * squareB) : 0;
    }

    /// <summary>A picture less its Gaussian blur.</summary>
    private static double[] Detailed(double[] picture)
    {
        var blurred = BlurColumns(BlurColumns(picture));
        return [.. picture.Zip(blurred, (value, smooth) => value - smooth)];
    }

    /// <summary>Blurs along the columns and turns the picture over its diagonal: twice makes a blur in both directions.</summary>
    private static double[] BlurColumns(double[] picture)
    {
        var turned = new double[picture.Length];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                double sum = 0, weights = 0;
                for (var row = 0; row < Side; row++)
                {
                    var weight = Math.Exp(-(row - y) * (row - y) / (2 * DetailSigma * DetailSigma));
                    sum += weight * picture[(row * Side) + x];
                    weights += weight;
                }

                turned[(x * Side) + y] = sum / weights;
            }
        }

        return turned;
    }
}
