using FaceAnonStream.Detection;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>
/// Greedy non-maximum suppression: of boxes that overlap by more than a threshold, the best-scored one stays. (A. Neubeck,
/// L. Van Gool, "Efficient Non-Maximum Suppression", ICPR 2006.)
/// </summary>
internal static class NonMaximumSuppression
{
    /// <summary>Moves the survivors to the front, best score first.</summary>
    /// <param name="faces">Candidates in any order; reordered.</param>
    /// <param name="maxIou">Largest intersection over union of two faces, 0 to 1.</param>
    /// <returns>How many survive.</returns>
    public static int Run(Span<FaceDetection> faces, float maxIou)
    {
        faces.Sort(static (a, b) => b.Score.CompareTo(a.Score));
        var kept = 0;
        foreach (var face in faces)
        {
            if (!OverlapsAny(face, faces[..kept], maxIou))
            {
                faces[kept++] = face;
            }
        }

        return kept;
    }

    private static bool OverlapsAny(in FaceDetection face, ReadOnlySpan<FaceDetection> kept, float maxIou)
    {
        foreach (ref readonly var better in kept)
        {
            if (better.Box.IntersectionOverUnion(face.Box) > maxIou)
            {
                return true;
            }
        }

        return false;
    }
}
