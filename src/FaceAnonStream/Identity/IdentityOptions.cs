using FaceAnonStream.Configuration;

namespace FaceAnonStream.Identity;

/// <summary>What of a person's looks the choice of a synthetic identity may depend on.</summary>
public enum IdentityMatching
{
    /// <summary>How light the skin appears: dark, medium or light.</summary>
    Tone,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>Who people become.</summary>
public sealed record IdentityOptions
{
    /// <summary>Synthetic people that one identity is the mean of.</summary>
    [Setting("A synthetic identity is the mean of this many people who do not exist.", Min = 2, Max = 32)]
    public int K { get; init; } = 8;

    [Setting("What of a person's looks the choice may depend on: how light the skin appears (dark, medium or light), or nothing.")]
    public IdentityMatching Matching { get; init; } = IdentityMatching.Tone;
}
