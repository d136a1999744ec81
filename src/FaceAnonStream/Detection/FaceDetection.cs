using System.Numerics;
using System.Runtime.CompilerServices;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Detection;

/// <summary>Right eye, left eye, nose tip, right and left mouth corner (the subject's right and left), in luma pixels.</summary>
[InlineArray(Count)]
public struct FivePoints
{
    public const int Count = 5;

    private Vector2 _first;
}

/// <summary>One face found in one frame.</summary>
/// <param name="Box">Where, in luma pixels; may reach beyond the frame.</param>
/// <param name="Score">Confidence, 0 to 1.</param>
/// <param name="Points">Five key points.</param>
public readonly record struct FaceDetection(RectF Box, float Score, FivePoints Points = default);
