using System.Numerics;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// The mask of a drawing that came without one: 1 on the convex hull of the landmarks, which holds all of a face's features,
/// and fading to 0 outside it and towards the edge of the crop.
/// </summary>
internal static class HullMask
{
    /// <summary>Width of the fade in sides of the crop.</summary>
    public const float Feather = 0.06f;

    /// <param name="points">Landmarks in sides of the crop.</param>
    /// <param name="size">Width and height of the crop in pixels.</param>
    /// <param name="mask">[S, S].</param>
    public static void Draw(ReadOnlySpan<Vector2> points, int size, Span<float> mask)
    {
        var edges = Edges(ConvexHull(points));
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var point = new Vector2(x + 0.5f, y + 0.5f) / size;
                var border = (Math.Min(Math.Min(x, y), size - 1 - Math.Max(x, y))) / (Feather * size);
                mask[(y * size) + x] = Math.Clamp(MathF.Min(1 - (Outside(edges, point) / Feather), border), 0, 1);
            }
        }
    }

    /// <summary>How far a point lies beyond the farthest edge; 0 inside. At corners it is less than the distance.</summary>
    private static float Outside((Vector2 Normal, float Offset)[] edges, Vector2 point)
    {
        var farthest = 0f;
        foreach (var (normal, offset) in edges)
        {
            farthest = MathF.Max(farthest, Vector2.Dot(normal, point) - offset);
        }

        return farthest;
    }

    private static (Vector2 Normal, float Offset)[] Edges(List<Vector2> hull)
    {
        var edges = new (Vector2, float)[hull.Count];
        for (var i = 0; i < edges.Length; i++)
        {
            var along = Vector2.Normalize(hull[(i + 1) % hull.Count] - hull[i]);
            var normal = new Vector2(along.Y, -along.X);
            edges[i] = (normal, Vector2.Dot(normal, hull[i]));
        }

        return edges;
    }

    /// <summary>Corners, each once (A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions", 1979).</summary>
    private static List<Vector2> ConvexHull(ReadOnlySpan<Vector2> points)
    {
        var sorted = points.ToArray().Distinct().OrderBy(point => point.X).ThenBy(point => point.Y).ToList();
        var hull = new List<Vector2>();
        foreach (var pass in (IEnumerable<Vector2>[])[sorted, sorted.AsEnumerable().Reverse().Skip(1)])
        {
            var kept = Math.Max(hull.Count, 1);
            foreach (var point in pass)
            {
                while (hull.Count > kept && Turn(hull[^2], hull[^1], point) <= 0)
                {
                    hull.RemoveAt(hull.Count - 1);
                }

                hull.Add(point);
            }
        }

        // The last is the first again.
        hull.RemoveAt(hull.Count - 1);
        return hull;
    }

    private static float Turn(Vector2 a, Vector2 b, Vector2 c) => ((b.X - a.X) * (c.Y - a.Y)) - ((b.Y - a.Y) * (c.X - a.X));
}
