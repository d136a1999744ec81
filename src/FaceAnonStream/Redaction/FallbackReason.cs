namespace FaceAnonStream.Redaction;

/// <summary>Why a face got a heavier cover than the synthetic face that was asked for.</summary>
public enum FallbackReason
{
    /// <summary>The face is too small to be drawn.</summary>
    TooSmall,

    /// <summary>Seen too briefly or too weakly: perhaps no face at all, and nothing must grow one.</summary>
    Unconfirmed,

    /// <summary>The landmarks cannot be trusted.</summary>
    UnusableLandmarks,

    /// <summary>The head is turned too far away.</summary>
    ExtremePose,

    /// <summary>The synthetic face does not cover all features of the original.</summary>
    Uncovered,

    /// <summary>A model failed, overstayed or gave values that are not finite.</summary>
    ModelFailure,
}
