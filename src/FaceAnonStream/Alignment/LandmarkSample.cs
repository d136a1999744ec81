using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Alignment;

/// <summary>One face in one frame, apart from its neighbours in time.</summary>
/// <param name="Frame">Number of the frame.</param>
/// <param name="At">Its time.</param>
/// <param name="Box">The face's box in luma pixels.</param>
/// <param name="Placement">Where the landmarks lie; its roll has no jumps of full turns within a track.</param>
/// <param name="Shape">Landmarks in face units, upright about their mean; empty when there is a fallback.</param>
/// <param name="IsSure">Whether they are surely a face's.</param>
/// <param name="Fallback">Why there is no reading, or null.</param>
internal sealed record LandmarkSample(
    long Frame, TimeSpan At, RectF Box, FacePlacement Placement, Vector2[] Shape, bool IsSure, FallbackReason? Fallback)
{
    public bool IsGood => Fallback is null;

    /// <summary>Nothing was seen of the face. What was seen, and is too small or turned away, is not bridged.</summary>
    public bool IsBlind => Fallback is FallbackReason.UnusableLandmarks or FallbackReason.ModelFailure;

    public Vector2 BoxCenter => new(Box.CenterX, Box.CenterY);
}
