using FaceAnonStream.Configuration;

namespace FaceAnonStream.Redaction;

/// <summary>What a covered face looks like.</summary>
public enum RedactionMethod
{
    /// <summary>The face of a person who does not exist, with the pose and expression of the one who does.</summary>
    Synthetic,

    /// <summary>A few flat cells.</summary>
    Mosaic,

    /// <summary>The mosaic, then a Gaussian as wide as a cell.</summary>
    Blur,

    /// <summary>One colour.</summary>
    Solid,
}

/// <summary>What a synthetic face leaves of the head around it.</summary>
public enum PrivacyLevel
{
    /// <summary>The whole head becomes coarse cells before the face is drawn, and the face takes over little more than
    /// pose and changes of expression.</summary>
    Strong,

    /// <summary>Only the face is replaced: hair, ears and outline stay, and help to recognise the person.</summary>
    Natural,
}

/// <summary>How faces are covered.</summary>
public sealed record RedactOptions
{
    [Setting("What a covered face looks like.")]
    public RedactionMethod Method { get; init; } = RedactionMethod.Synthetic;

    [Setting("What synthetic faces leave of the head around them: strong makes it coarse, natural keeps hair, ears and outline.")]
    public PrivacyLevel Privacy { get; init; } = PrivacyLevel.Strong;

    [Setting("Most mosaic cells along the longer side of a covered head, whatever its size.", Min = 1, Max = 8)]
    public int Cells { get; init; } = 8;

    [Setting("Size of the covered ellipse relative to the whole head (hair, ears and chin included).", Min = 0.8, Max = 4)]
    public double HeadScale { get; init; } = 1;

    [Setting("Width of the soft edge outside the covered ellipse, as a share of its radius.", Min = 0, Max = 1)]
    public double Feather { get; init; } = 0.12;

    [Setting("Colour of solid cover as #rrggbb.", Pattern = "#[0-9a-fA-F]{6}", PatternMeaning = "a colour such as #808080")]
    public string SolidColor { get; init; } = "#505050";
}
