using System.Numerics;

namespace FaceAnonStream.Alignment;

/// <summary>
/// Finds the scaled-orthographic camera that shows a rigid head where its landmarks are: the best affine camera
/// A (weighted least squares), then the nearest camera without skew, <c>P = s (A Aᵀ)^(-1/2) A</c> with
/// <c>s = tr((A Aᵀ)^(1/2)) / 2</c>, both in closed form.
/// </summary>
public sealed class HeadPoseFit
{
    private readonly Vector3[] _head;
    private readonly float[] _weights;
    private readonly Vector3 _center;
    private readonly Vector3[] _solver;

    /// <param name="head">The landmarks of a head at rest, in face units; not all in one plane.</param>
    /// <param name="weights">How much each landmark counts, 0 or more.</param>
    /// <exception cref="ArgumentException">The numbers do not match, or the points that count lie in a plane.</exception>
    public HeadPoseFit(ReadOnlySpan<Vector3> head, ReadOnlySpan<float> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, head.Length, nameof(weights));
        var sum = 0f;
        foreach (var weight in weights)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weight, nameof(weights));
            sum += weight;
        }

        _weights = new float[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            _weights[i] = weights[i] / sum;
            _center += _weights[i] * head[i];
        }

        _head = head.ToArray();
        _solver = Solver(_head, _weights, _center);
    }

    /// <summary>Landmarks of a face.</summary>
    public int PointCount => _head.Length;

    /// <summary>The camera that shows the head where its landmarks are.</summary>
    /// <param name="landmarks">In luma pixels.</param>
    /// <returns>Null when the landmarks lie on a line or are not finite.</returns>
    public HeadPose? Fit(ReadOnlySpan<Vector2> landmarks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(landmarks.Length, PointCount, nameof(landmarks));
        var center = Vector2.Zero;
        for (var i = 0; i < landmarks.Length; i++)
        {
            center += _weights[i] * landmarks[i];
        }

        var (x, y) = (Vector3.Zero, Vector3.Zero);
        for (var i = 0; i < landmarks.Length; i++)
        {
            var offset = landmarks[i] - center;
            x += offset.X * _solver[i];
            y += offset.Y * _solver[i];
        }

        // The square root of G = A Aᵀ is (G + √(det G) · 1) / t with t = √(tr G + 2 √(det G)), its trace.
        var (a, b, d) = (x.LengthSquared(), Vector3.Dot(x, y), y.LengthSquared());
        var root = MathF.Sqrt(MathF.Max((a * d) - (b * b), 0));
        var trace = MathF.Sqrt(a + d + (2 * root));
        if (!(root > 1e-6f * (a + d)) || !float.IsFinite(trace))
        {
            return null;
        }

        var right = (((d + root) * x) - (b * y)) / (trace * root);
        var down = (((a + root) * y) - (b * x)) / (trace * root);
        var scale = trace / 2;
        var translation = center - (scale * new Vector2(Vector3.Dot(right, _center), Vector3.Dot(down, _center)));
        var pose = new HeadPose(right, down, scale, translation, Residual: 0);
        return pose with { Residual = Residual(pose, landmarks) };
    }

    private float Residual(in HeadPose pose, ReadOnlySpan<Vector2> landmarks)
    {
        var sum = 0f;
        for (var i = 0; i < landmarks.Length; i++)
        {
            sum += _weights[i] * Vector2.DistanceSquared(landmarks[i], pose.Project(_head[i]));
        }

        return MathF.Sqrt(sum) / pose.Scale;
    }

    /// <summary>One vector per landmark, whose sum with the landmarks' offsets as weights gives a row of the camera: the
    /// weighted pseudo-inverse of the centred head.</summary>
    private static Vector3[] Solver(Vector3[] head, float[] weights, Vector3 center)
    {
        var moments = default(Matrix4x4);
        moments.M44 = 1;
        for (var i = 0; i < head.Length; i++)
        {
            var p = head[i] - center;
            moments.M11 += weights[i] * p.X * p.X;
            moments.M12 += weights[i] * p.X * p.Y;
            moments.M13 += weights[i] * p.X * p.Z;
            moments.M22 += weights[i] * p.Y * p.Y;
            moments.M23 += weights[i] * p.Y * p.Z;
            moments.M33 += weights[i] * p.Z * p.Z;
        }

        (moments.M21, moments.M31, moments.M32) = (moments.M12, moments.M13, moments.M23);
        var size = moments.M11 + moments.M22 + moments.M33;
        if (!(moments.GetDeterminant() > 1e-6f * size * size * size) || !Matrix4x4.Invert(moments, out var inverse))
        {
            throw new ArgumentException("the points of a head that count must not all lie in one plane", nameof(head));
        }

        return [.. head.Select((point, i) => weights[i] * Vector3.TransformNormal(point - center, inverse))];
    }
}
