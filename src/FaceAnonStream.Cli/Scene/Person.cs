using System.Numerics;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Somebody who does not exist, through the whole scene.</summary>
internal sealed class Person
{
    private readonly FaceShape _shape;
    private readonly Vector3[] _neutral;

    /// <param name="id">From 1.</param>
    /// <param name="latent">The face, for the generator.</param>
    /// <param name="shape">Gives the latent's landmarks.</param>
    /// <param name="look">Everything else.</param>
    /// <param name="motion">How the person moves.</param>
    public Person(int id, float[] latent, FaceShape shape, Look look, Motion motion)
    {
        Id = id;
        Latent = latent;
        Look = look;
        Motion = motion;
        _shape = shape;
        _neutral = shape.Neutral(latent);
    }

    public int Id { get; }

    public float[] Latent { get; }

    public Look Look { get; }

    public Motion Motion { get; }

    /// <summary>Landmarks in face units.</summary>
    public Vector3[] Points(Expression expression)
    {
        var points = _neutral.AsSpan().ToArray();
        _shape.Express(points, expression.ToArray());
        return points;
    }
}
