using System.Numerics;
using System.Runtime.CompilerServices;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Detection;

/// <summary>Right eye, left eye, nose tip, right and left mouth corner (the subject's right and left), in luma pixels.</summary>
[InlineArray(Count)]
public struct FivePoints : IEquatable<FivePoints>
{
    public const int Count = 5;

    private Vector2 _first;

    public readonly bool Equals(FivePoints other) => ((ReadOnlySpan<Vector2>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is FivePoints other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[2], this[3], this[4]);

    public static bool operator ==(FivePoints left, FivePoints right) => left.Equals(right);

    public static bool operator !=(FivePoints left, FivePoints right) => !left.Equals(right);
}

/// <summary>One face found in one frame.</summary>
/// <param name="Box">Where, in luma pixels; may reach beyond the frame.</param>
/// <param name="Score">Confidence, 0 to 1.</param>
/// <param name="Points">Five key points.</param>
public readonly record struct FaceDetection(RectF Box, float Score, FivePoints Points = default);
