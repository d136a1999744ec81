using FaceAnonStream.Frames;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>A face as the anonymiser's own list has it.</summary>
/// <param name="Box">Where, in luma pixels.</param>
/// <param name="Cover">How it was covered.</param>
/// <param name="Fallback">Why it is not the synthetic face that was asked for, or null.</param>
public sealed record ListedFace(RectF Box, OutcomeKind Cover, FallbackReason? Fallback);

/// <summary>The faces of one frame of the list.</summary>
/// <param name="Frame">Its number, from 0.</param>
/// <param name="Faces">In any order.</param>
public sealed record ListedFrame(int Frame, IReadOnlyList<ListedFace> Faces);
