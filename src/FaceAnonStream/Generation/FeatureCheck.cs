using System.Numerics;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Generation;

/// <summary>
/// Whether a drawing hides the face that it is for: eyes, brows, nose and mouth lie under its mask, and the landmarks that
/// say where they are lie on the face that was found. What is left of the person around a drawing may be seen at
/// <see cref="Redaction.PrivacyLevel.Natural"/>; these must not.
/// </summary>
internal sealed class FeatureCheck
{
    /// <summary>Least share of the drawing at a feature.</summary>
    public const float LeastShare = 0.9f;

    /// <summary>The middle of a face's box, in its sides, which its landmarks must surround.</summary>
    public const float Middle = 0.4f;

    /// <summary>The oval of the face in MediaPipe's topology of 468 points (FACEMESH_FACE_OVAL).</summary>
    private static readonly int[] Oval =
    [
        10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
    ];

    private readonly int[] _features;

    /// <param name="topology">Index of each landmark in the 468-point topology: those that are not on the oval are features.</param>
    public FeatureCheck(IReadOnlyList<int> topology) =>
        _features = [.. Enumerable.Range(0, topology.Count).Where(i => !Oval.Contains(topology[i]))];

    /// <param name="drawing">Without a fallback.</param>
    /// <param name="points">The original's landmarks in luma pixels, in the order of the topology.</param>
    /// <param name="box">Where the original's face was found, in luma pixels.</param>
    public bool IsHidden(FaceDrawing drawing, ReadOnlySpan<Vector2> points, RectF box)
    {
        var low = new Vector2(float.PositiveInfinity);
        var high = new Vector2(float.NegativeInfinity);
        foreach (var point in points)
        {
            low = Vector2.Min(low, point);
            high = Vector2.Max(high, point);
        }

        var middle = box.Scale(Middle);
        if (!(low.X <= middle.X && low.Y <= middle.Y && high.X >= middle.Right && high.Y >= middle.Bottom))
        {
            return false;
        }

        foreach (var feature in _features)
        {
            // Written so that a mask of NaN hides nothing.
            if (!(ShareAt(drawing, points[feature]) >= LeastShare))
            {
                return false;
            }
        }

        return true;
    }

    private static float ShareAt(FaceDrawing drawing, Vector2 point)
    {
        var pixel = drawing.Square.FromPicture(point) * drawing.Size;
        return pixel.X >= 0 && pixel.Y >= 0 && pixel.X < drawing.Size && pixel.Y < drawing.Size
            ? drawing.Mask.Span[((int)pixel.Y * drawing.Size) + (int)pixel.X]
            : 0;
    }
}
