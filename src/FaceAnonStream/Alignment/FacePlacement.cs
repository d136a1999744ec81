using System.Numerics;

namespace FaceAnonStream.Alignment;

/// <summary>Where a face is in the picture, apart from what it looks like there: the similarity that lays a frontal
/// reference face over its landmarks.</summary>
/// <param name="Center">In luma pixels.</param>
/// <param name="LogScale">Natural logarithm of the luma pixels per face unit: there, steady zoom is a straight line.</param>
/// <param name="Roll">Clockwise, in radians.</param>
internal readonly record struct FacePlacement(Vector2 Center, float LogScale, float Roll)
{
    public float Scale => MathF.Exp(LogScale);

    /// <summary>Least squares over all landmarks (S. Umeyama, IEEE PAMI 13(4), 1991; in the plane, as complex numbers).</summary>
    /// <param name="landmarks">In luma pixels, not all at one point.</param>
    /// <param name="reference">A frontal face in face units whose mean is 0.</param>
    public static FacePlacement Of(ReadOnlySpan<Vector2> landmarks, ReadOnlySpan<Vector2> reference)
    {
        var center = Vector2.Zero;
        foreach (var landmark in landmarks)
        {
            center += landmark;
        }

        center /= landmarks.Length;
        var (along, across, size) = (0f, 0f, 0f);
        for (var i = 0; i < landmarks.Length; i++)
        {
            var offset = landmarks[i] - center;
            along += Vector2.Dot(reference[i], offset);
            across += (reference[i].X * offset.Y) - (reference[i].Y * offset.X);
            size += reference[i].LengthSquared();
        }

        return new FacePlacement(center, MathF.Log(MathF.Sqrt((along * along) + (across * across)) / size), MathF.Atan2(across, along));
    }

    /// <summary>Landmarks in face units, upright about their mean.</summary>
    public void ToShape(ReadOnlySpan<Vector2> landmarks, Span<Vector2> shape)
    {
        var turn = Matrix3x2.CreateRotation(-Roll) * Matrix3x2.CreateScale(1 / Scale);
        for (var i = 0; i < landmarks.Length; i++)
        {
            shape[i] = Vector2.Transform(landmarks[i] - Center, turn);
        }
    }

    /// <summary>A shape's landmarks in luma pixels.</summary>
    public Vector2[] ToPicture(ReadOnlySpan<Vector2> shape)
    {
        var turn = Matrix3x2.CreateRotation(Roll) * Matrix3x2.CreateScale(Scale);
        var landmarks = new Vector2[shape.Length];
        for (var i = 0; i < shape.Length; i++)
        {
            landmarks[i] = Vector2.Transform(shape[i], turn) + Center;
        }

        return landmarks;
    }
}
