using System.Numerics;

namespace FaceAnonStream.Evaluation.Pictures;

/// <summary>Turns, scales and moves points: x' = a x − b y + t.x, y' = b x + a y + t.y.</summary>
/// <param name="A">Scale times the cosine of the angle.</param>
/// <param name="B">Scale times its sine.</param>
/// <param name="Shift">What is added.</param>
public readonly record struct Similarity(float A, float B, Vector2 Shift)
{
    /// <summary>Lengths grow by this factor.</summary>
    public float Scale => MathF.Sqrt((A * A) + (B * B));

    /// <summary>The similarity that moves points onto others with the least squared distance (S. Umeyama, IEEE TPAMI 13,
    /// 1991; in the plane and without mirroring it is a linear problem).</summary>
    /// <param name="from">Two points or more, not all the same.</param>
    /// <param name="to">As many.</param>
    public static Similarity Fit(ReadOnlySpan<Vector2> from, ReadOnlySpan<Vector2> to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from.Length, 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(to.Length, from.Length);
        var (fromMean, toMean) = (Mean(from), Mean(to));
        float dot = 0, cross = 0, spread = 0;
        for (var i = 0; i < from.Length; i++)
        {
            var (p, q) = (from[i] - fromMean, to[i] - toMean);
            dot += Vector2.Dot(p, q);
            cross += (p.X * q.Y) - (p.Y * q.X);
            spread += p.LengthSquared();
        }

        var turned = new Similarity(dot / spread, cross / spread, Vector2.Zero);
        return turned with { Shift = toMean - turned.Apply(fromMean) };
    }

    public Vector2 Apply(Vector2 point) =>
        new Vector2((A * point.X) - (B * point.Y), (B * point.X) + (A * point.Y)) + Shift;

    /// <summary>The way back. Not a number when everything is moved onto one point.</summary>
    public Similarity Inverse()
    {
        var square = (A * A) + (B * B);
        var back = new Similarity(A / square, -B / square, Vector2.Zero);
        return back with { Shift = -back.Apply(Shift) };
    }

    private static Vector2 Mean(ReadOnlySpan<Vector2> points)
    {
        var sum = Vector2.Zero;
        foreach (var point in points)
        {
            sum += point;
        }

        return sum / points.Length;
    }
}
