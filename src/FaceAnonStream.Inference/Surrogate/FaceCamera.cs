using System.Numerics;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// How a face in space comes to lie in the picture: scaled-orthographic, so that a point is shown at its products with
/// <paramref name="X"/> and <paramref name="Y"/>, plus the offset. Both are as long as a face unit is in pixels.
/// </summary>
internal readonly record struct FaceCamera(Vector3 X, Vector3 Y, Vector2 Offset)
{
    private const float Least = 1e-10f;

    /// <summary>Pixels of one face unit.</summary>
    public float Scale => X.Length();

    public bool IsFinite => float.IsFinite(X.LengthSquared() + Y.LengthSquared() + Offset.LengthSquared());

    /// <summary>The affine map that explains the landmarks best, by a stored pseudo-inverse; of it the nearest such camera.</summary>
    /// <param name="inverse">[4][L].</param>
    /// <param name="points">[L] in pixels, near 0: the inverse is stored with half precision.</param>
    public static FaceCamera Fit(float[][] inverse, ReadOnlySpan<Vector2> points)
    {
        Span<Vector2> rows = stackalloc Vector2[4];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = WeightedSum(inverse[row], points);
        }

        var x = new Vector3(rows[0].X, rows[1].X, rows[2].X);
        var y = new Vector3(rows[0].Y, rows[1].Y, rows[2].Y);

        // B (BᵀB)^(-1/2), times half of the trace of (BᵀB)^(1/2): in closed form for two columns.
        var (a, b, c) = (Vector3.Dot(x, x), Vector3.Dot(x, y), Vector3.Dot(y, y));
        var root = MathF.Sqrt(MathF.Max((a * c) - (b * b), Least));
        var stretch = 0.5f / root;
        return new FaceCamera(stretch * (((c + root) * x) - (b * y)), stretch * (((a + root) * y) - (b * x)), rows[3]);
    }

    /// <summary>Where a point of the face is seen.</summary>
    /// <param name="point">In face units.</param>
    /// <param name="size">More than 1 enlarges the face around its origin.</param>
    public Vector2 Show(Vector3 point, float size) => (size * new Vector2(Vector3.Dot(point, X), Vector3.Dot(point, Y))) + Offset;

    internal static Vector2 WeightedSum(float[] weights, ReadOnlySpan<Vector2> points)
    {
        var sum = Vector2.Zero;
        for (var i = 0; i < points.Length; i++)
        {
            sum += weights[i] * points[i];
        }

        return sum;
    }
}
