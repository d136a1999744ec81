using System.Numerics;

namespace FaceAnonStream.Cli.Scene;

/// <summary>A convex polygon of the picture.</summary>
internal sealed class ConvexShape
{
    private readonly Vector2[] _corners;

    /// <summary>Per edge: the unit vector to its inner side, and that side's distance from the origin.</summary>
    private readonly Vector3[] _edges;

    private ConvexShape(Vector2[] corners)
    {
        _corners = corners;
        _edges = new Vector3[corners.Length];
        for (var i = 0; i < corners.Length; i++)
        {
            var along = Vector2.Normalize(corners[(i + 1) % corners.Length] - corners[i]);
            var inwards = new Vector2(-along.Y, along.X);
            _edges[i] = new Vector3(inwards, -Vector2.Dot(inwards, corners[i]));
        }
    }

    /// <summary>The convex hull of some points, by A. M. Andrew's monotone chain.</summary>
    public static ConvexShape Around(ReadOnlySpan<Vector2> points)
    {
        var sorted = points.ToArray();
        Array.Sort(sorted, (a, b) => a.X != b.X ? a.X.CompareTo(b.X) : a.Y.CompareTo(b.Y));
        var hull = new List<Vector2>();
        foreach (var half in (Vector2[][])[sorted, [.. sorted.Reverse()]])
        {
            var start = hull.Count;
            foreach (var point in half)
            {
                while (hull.Count >= start + 2 && Cross(hull[^1] - hull[^2], point - hull[^2]) <= 0)
                {
                    hull.RemoveAt(hull.Count - 1);
                }

                hull.Add(point);
            }

            hull.RemoveAt(hull.Count - 1);
        }

        return new ConvexShape([.. hull]);
    }

    /// <summary>Fills the shape, softly at its edge.</summary>
    /// <param name="canvas">Painted on.</param>
    /// <param name="view">What the canvas shows.</param>
    /// <param name="paint">Colour and share for a place of the picture of which the given share is inside.</param>
    public void Paint(Canvas canvas, View view, Func<Vector2, float, (Vector3 Colour, float Share)> paint)
    {
        var low = new Vector2(float.PositiveInfinity);
        var high = new Vector2(float.NegativeInfinity);
        foreach (var corner in _corners)
        {
            var at = view.ToCanvas(corner);
            low = Vector2.Min(low, at);
            high = Vector2.Max(high, at);
        }

        for (var y = (int)Math.Clamp(low.Y - 1, 0, canvas.Height); y < Math.Min(canvas.Height, high.Y + 1); y++)
        {
            for (var x = (int)Math.Clamp(low.X - 1, 0, canvas.Width); x < Math.Min(canvas.Width, high.X + 1); x++)
            {
                var point = view.At(x, y);
                var inside = Math.Clamp((Depth(point) / view.Pixel) + 0.5f, 0, 1);
                if (inside > 0)
                {
                    var (colour, share) = paint(point, inside);
                    canvas.Blend(x, y, colour, share);
                }
            }
        }
    }

    /// <summary>How far a point lies inside the nearest edge's line; negative outside.</summary>
    private float Depth(Vector2 point)
    {
        var depth = float.PositiveInfinity;
        var place = new Vector3(point, 1);
        foreach (var edge in _edges)
        {
            depth = MathF.Min(depth, Vector3.Dot(edge, place));
        }

        return depth;
    }

    private static float Cross(Vector2 a, Vector2 b) => (a.X * b.Y) - (a.Y * b.X);
}
