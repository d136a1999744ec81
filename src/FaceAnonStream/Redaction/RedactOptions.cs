using FaceAnonStream.Configuration;

namespace FaceAnonStream.Redaction;

/// <summary>What a covered face looks like.</summary>
public enum RedactionMethod
{
    /// <summary>A few flat cells.</summary>
    Mosaic,

    /// <summary>The mosaic, then a Gaussian as wide as a cell.</summary>
    Blur,

    /// <summary>One colour.</summary>
    Solid,
}

/// <summary>How faces are covered.</summary>
public sealed record RedactOptions
{
    [Setting("What a covered face looks like.")]
    public RedactionMethod Method { get; init; } = RedactionMethod.Mosaic;

    [Setting("Most mosaic cells along the longer side of a covered head, whatever its size.", Min = 1, Max = 8)]
    public int Cells { get; init; } = 8;

    [Setting("Size of the covered ellipse relative to the whole head (hair, ears and chin included).", Min = 0.8, Max = 4)]
    public double HeadScale { get; init; } = 1;

    [Setting("Width of the soft edge outside the covered ellipse, as a share of its radius.", Min = 0, Max = 1)]
    public double Feather { get; init; } = 0.12;

    [Setting("Colour of solid cover as #rrggbb.", Pattern = "#[0-9a-fA-F]{6}", PatternMeaning = "a colour such as #808080")]
    public string SolidColor { get; init; } = "#505050";
}
