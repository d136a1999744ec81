using System.Numerics;

namespace FaceAnonStream.Alignment;

/// <summary>
/// How a head is turned, and the scaled-orthographic camera that shows it: a point X of the head, in face units, appears
/// at <c>Scale · (Right · X, Down · X) + Translation</c>.
/// </summary>
/// <param name="Right">The picture's x axis, in the head's coordinates; of length 1.</param>
/// <param name="Down">The picture's y axis, in the head's coordinates; of length 1, at a right angle to <paramref name="Right"/>.</param>
/// <param name="Scale">Luma pixels per face unit.</param>
/// <param name="Translation">Where the head's origin appears, in luma pixels.</param>
/// <param name="Residual">Root of the weighted mean squared distance between the landmarks and what the camera shows, in
/// face units.</param>
public readonly record struct HeadPose(Vector3 Right, Vector3 Down, float Scale, Vector2 Translation, float Residual)
{
    /// <summary>The axis along which the camera looks, away from it, in the head's coordinates.</summary>
    public Vector3 Away => Vector3.Cross(Right, Down);

    /// <summary>Turned to the picture's right, in radians, -π/2 to π/2.</summary>
    public float Yaw => MathF.Atan2(Away.X, MathF.Sqrt((Right.X * Right.X) + (Down.X * Down.X)));

    /// <summary>Bowed, in radians.</summary>
    public float Pitch => MathF.Atan2(Away.Y, Away.Z);

    /// <summary>Tilted clockwise, in radians.</summary>
    public float Roll => MathF.Atan2(Down.X, Right.X);

    /// <summary>Where a point of the head appears, in luma pixels.</summary>
    public Vector2 Project(Vector3 point) => (Scale * new Vector2(Vector3.Dot(Right, point), Vector3.Dot(Down, point))) + Translation;
}
