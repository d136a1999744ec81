using System.Numerics;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Alignment;

/// <summary>The square of a picture that a generator sees, turned so that the face is upright in it.</summary>
/// <param name="Center">Its centre, in luma pixels.</param>
/// <param name="Side">Its side, in luma pixels.</param>
/// <param name="Angle">How far it is turned clockwise, in radians.</param>
public readonly record struct FaceSquare(Vector2 Center, float Side, float Angle)
{
    /// <summary>The square around a face's landmarks, upright along the line from forehead to chin.</summary>
    /// <param name="landmarks">In luma pixels.</param>
    /// <param name="forehead">Index of the topmost point of the oval (468-point topology: 10).</param>
    /// <param name="chin">Index of its lowest point (152).</param>
    /// <param name="margin">Side of the square in sides of the landmarks' bounding box.</param>
    public static FaceSquare Around(ReadOnlySpan<Vector2> landmarks, int forehead, int chin, float margin)
    {
        var up = landmarks[forehead] - landmarks[chin];
        var angle = MathF.Atan2(up.X, -up.Y);
        var low = new Vector2(float.PositiveInfinity);
        var high = new Vector2(float.NegativeInfinity);
        foreach (var landmark in landmarks)
        {
            var upright = Turn(landmark, -angle);
            low = Vector2.Min(low, upright);
            high = Vector2.Max(high, upright);
        }

        var side = margin * MathF.Max(high.X - low.X, high.Y - low.Y);
        return new FaceSquare(Turn((low + high) / 2, angle), side, angle);
    }

    /// <summary>Where a point of the picture lies in the square: (0, 0) to (1, 1) is inside.</summary>
    public Vector2 FromPicture(Vector2 point) => (Turn(point - Center, -Angle) / Side) + new Vector2(0.5f);

    /// <summary>Where a point of the square lies in the picture.</summary>
    public Vector2 ToPicture(Vector2 point) => Turn((point - new Vector2(0.5f)) * Side, Angle) + Center;

    /// <summary>The square as kernels name it.</summary>
    public CropSquare ToCrop() => new(Center.X, Center.Y, Side, Angle);

    private static Vector2 Turn(Vector2 point, float angle)
    {
        var (sin, cos) = MathF.SinCos(angle);
        return new Vector2((cos * point.X) - (sin * point.Y), (sin * point.X) + (cos * point.Y));
    }
}
