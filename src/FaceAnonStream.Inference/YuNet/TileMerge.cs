using System.Runtime.InteropServices;
using FaceAnonStream.Detection;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>Makes one list of what the whole frame and overlapping tiles showed.</summary>
internal static class TileMerge
{
    /// <summary>A possibly cut box with this share of its area inside another box shows a part of that face.</summary>
    private const float FragmentShare = 0.7f;

    /// <summary>
    /// Whole faces pass non-maximum suppression. Then each fragment, largest first, is dropped when it lies within a whole
    /// face, joined with a fragment that it continues, and kept otherwise. A fragment thus never displaces the whole face,
    /// however well it scores, and a face that only fragments show stays covered.
    /// </summary>
    /// <param name="faces">In: faces that no tile border touches. Out: all faces, best score first.</param>
    /// <param name="fragments">Faces that a tile border may have cut off; reordered.</param>
    /// <param name="maxIou">Largest intersection over union of two faces.</param>
    public static void Run(List<FaceDetection> faces, List<FaceDetection> fragments, float maxIou)
    {
        var whole = NonMaximumSuppression.Run(CollectionsMarshal.AsSpan(faces), maxIou);
        faces.RemoveRange(whole, faces.Count - whole);
        fragments.Sort(static (a, b) => b.Box.Area.CompareTo(a.Box.Area));
        foreach (var fragment in fragments)
        {
            Absorb(fragment, faces, whole, maxIou);
        }

        faces.Sort(static (a, b) => b.Score.CompareTo(a.Score));
    }

    private static void Absorb(in FaceDetection fragment, List<FaceDetection> faces, int whole, float maxIou)
    {
        for (var i = 0; i < faces.Count; i++)
        {
            var face = faces[i];
            if (IsPartOf(fragment, face, maxIou))
            {
                var box = i < whole ? face.Box : face.Box.Union(fragment.Box);
                faces[i] = face with { Box = box, Score = MathF.Max(face.Score, fragment.Score) };
                return;
            }
        }

        faces.Add(fragment);
    }

    private static bool IsPartOf(in FaceDetection fragment, in FaceDetection face, float maxIou)
    {
        // From I / (A + F - I) = iou follows I = iou (A + F) / (1 + iou).
        var iou = face.Box.IntersectionOverUnion(fragment.Box);
        var intersection = iou * (face.Box.Area + fragment.Box.Area) / (1 + iou);
        return iou > maxIou || intersection > FragmentShare * fragment.Box.Area;
    }
}
