using System.Numerics;

namespace FaceAnonStream.Identity;

/// <summary>
/// The landmarks of a surrogate's face in space: a mean, what seven expressions add to it, and what an identity adds.
/// In face units: x right, y down, z away from the camera, the mean's centre at 0; a face is about 3.2 high.
/// </summary>
public sealed class FaceShape
{
    private readonly Vector3[] _mean;
    private readonly Vector3[][] _expressions;
    private readonly Vector3[][] _identities;

    /// <param name="mean">Landmarks of the mean face.</param>
    /// <param name="expressions">What one standard deviation of each expression adds.</param>
    /// <param name="identities">What one unit of each identity component adds.</param>
    public FaceShape(Vector3[] mean, Vector3[][] expressions, Vector3[][] identities)
    {
        _mean = mean;
        _expressions = expressions;
        _identities = identities;
    }

    /// <summary>Landmarks of a face.</summary>
    public int PointCount => _mean.Length;

    public int ExpressionCount => _expressions.Length;

    /// <summary>How many numbers at a latent's end make its shape.</summary>
    public int IdentityCount => _identities.Length;

    /// <summary>The landmarks of one identity at rest.</summary>
    /// <param name="latent">Its last <see cref="IdentityCount"/> numbers count.</param>
    public Vector3[] Neutral(ReadOnlySpan<float> latent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latent.Length, IdentityCount, nameof(latent));
        var points = _mean.AsSpan().ToArray();
        Add(points, _identities, latent[^IdentityCount..]);
        return points;
    }

    /// <summary>Moves landmarks by an expression.</summary>
    /// <param name="points">Changed in place.</param>
    /// <param name="expression">How strong each expression is, in standard deviations from the mean.</param>
    public void Express(Span<Vector3> points, ReadOnlySpan<float> expression)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, PointCount, nameof(points));
        ArgumentOutOfRangeException.ThrowIfNotEqual(expression.Length, ExpressionCount, nameof(expression));
        Add(points, _expressions, expression);
    }

    private static void Add(Span<Vector3> points, Vector3[][] directions, ReadOnlySpan<float> weights)
    {
        for (var k = 0; k < directions.Length; k++)
        {
            for (var i = 0; i < points.Length; i++)
            {
                points[i] += weights[k] * directions[k][i];
            }
        }
    }
}
