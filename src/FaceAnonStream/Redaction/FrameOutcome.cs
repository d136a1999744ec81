using FaceAnonStream.Tracking;

namespace FaceAnonStream.Redaction;

/// <summary>What became of a frame or a face, from what keeps most of the picture to what keeps nothing: the ladder.</summary>
public enum OutcomeKind
{
    /// <summary>No face was found in the frame; nothing was changed.</summary>
    NoFace,

    /// <summary>The face of a person who does not exist.</summary>
    Synthetic,

    Blur,

    Mosaic,

    Solid,

    /// <summary>The whole frame is one colour: something failed, or nobody could look.</summary>
    WholeFrame,
}

/// <summary>The one recorded outcome of one frame. There is no pass-through.</summary>
/// <param name="Kind">The furthest rung that any face of the frame needed.</param>
/// <param name="Faces">How each covered face was covered.</param>
/// <param name="Failure">Why the outcome is worse than asked for, or null.</param>
public sealed record FrameOutcome(OutcomeKind Kind, IReadOnlyList<FaceOutcome> Faces, string? Failure);

/// <summary>How one face of one frame was covered.</summary>
/// <param name="Face">Which face, and where.</param>
/// <param name="Kind">The rung that was used.</param>
/// <param name="Fallback">Why it is not the synthetic face that was asked for, or null.</param>
public readonly record struct FaceOutcome(TrackedFace Face, OutcomeKind Kind, FallbackReason? Fallback = null)
{
    /// <summary>Whether the detector saw the face in this very frame.</summary>
    public bool Observed => Face.Evidence == Evidence.Observed;
}
