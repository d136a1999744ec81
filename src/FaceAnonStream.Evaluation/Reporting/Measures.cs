using System.Diagnostics.CodeAnalysis;
using FaceAnonStream.Evaluation.Metrics;
using FaceAnonStream.Jobs;

namespace FaceAnonStream.Evaluation.Reporting;

/// <summary>What was measured on a group of faces.</summary>
public record Measures
{
    /// <summary>How well people are still recognised, for each recogniser. Empty without a recogniser, and where there are no
    /// two people to tell apart.</summary>
    public required IReadOnlyList<IdentityMeasure> Identity { get; init; }

    public required StabilityMeasure Stability { get; init; }

    public required CoverageMeasure Coverage { get; init; }

    public required UtilityMeasure Utility { get; init; }

    /// <summary>How the faces were covered, by the anonymiser's own account; null when that is not known.</summary>
    public required CoverMeasure? Covers { get; init; }
}

/// <summary>How well one recogniser finds the people behind anonymised faces.</summary>
public sealed record IdentityMeasure : IdentityFigures
{
    [SetsRequiredMembers]
    internal IdentityMeasure(string recognizer, IdentityFigures anonymised, IdentityFigures original)
        : base(anonymised) => (Recognizer, Original) = (recognizer, original);

    /// <summary>Its name.</summary>
    public string Recognizer { get; }

    /// <summary>The same for the originals themselves, for reference.</summary>
    public IdentityFigures Original { get; }
}

/// <summary>Whether faces hold still.</summary>
public sealed record StabilityMeasure
{
    /// <summary>For each recogniser.</summary>
    public required IReadOnlyList<ConsecutiveCosine> MeanConsecutiveCosine { get; init; }

    /// <summary>Jitter of the output over that of the original; null where nothing was to be followed.</summary>
    public required double? JitterRatio { get; init; }

    /// <summary>Root mean squared second difference of landmarks over three frames, in longer sides of the face box.</summary>
    public required double? OriginalJitter { get; init; }

    /// <inheritdoc cref="OriginalJitter"/>
    public required double? AnonymisedJitter { get; init; }

    /// <summary>Faces that were followed.</summary>
    public required int JitterFaces { get; init; }
}

/// <summary>How alike a face is to itself in the next frame.</summary>
/// <param name="Recognizer">Whose cosine it is.</param>
/// <param name="Anonymised">In the output.</param>
/// <param name="Original">In the original.</param>
/// <param name="Pairs">Of how many pairs this is the mean.</param>
public sealed record ConsecutiveCosine(string Recognizer, double Anonymised, double Original, int Pairs);

/// <summary>Whether every face is covered.</summary>
/// <param name="Faces">Faces of the original, counted in every frame.</param>
/// <param name="UncoveredFaces">Those of them whose original is still to be seen.</param>
public sealed record CoverageMeasure(int Faces, int UncoveredFaces);

/// <summary>How faces of the original were covered.</summary>
/// <param name="Levels">Faces by cover.</param>
/// <param name="NotListed">Faces that the list lacks where they were seen.</param>
/// <param name="Fallbacks">Why faces were not replaced that should have been.</param>
public sealed record CoverMeasure(LevelCounts Levels, int NotListed, FallbackCounts Fallbacks);

/// <summary>What the output is still good for.</summary>
/// <param name="DetectionRate">Share of the original's faces that the detector finds in the output, 0 to 1.</param>
/// <param name="LandmarkDistance">Mean distance of landmarks from where they were, in longer sides of the face box.</param>
/// <param name="LandmarkFaces">Faces whose landmarks could be trusted in the original.</param>
public sealed record UtilityMeasure(double? DetectionRate, double? LandmarkDistance, int LandmarkFaces);

/// <summary>What was measured on the faces of one size or of one clip.</summary>
public sealed record GroupMeasures : Measures
{
    [SetsRequiredMembers]
    internal GroupMeasures(string name, Measures measures)
        : base(measures) => Name = name;

    public string Name { get; }
}

/// <summary>What was measured on faces, and on the faces of each size and clip among them.</summary>
public record BrokenDownMeasures : Measures
{
    public BrokenDownMeasures()
    {
    }

    [SetsRequiredMembers]
    internal BrokenDownMeasures(Measures measures, IReadOnlyList<GroupMeasures> bySize, IReadOnlyList<GroupMeasures> byClip)
        : base(measures) => (BySize, ByClip) = (bySize, byClip);

    /// <summary>By the face's size in the original.</summary>
    public required IReadOnlyList<GroupMeasures> BySize { get; init; }

    /// <summary>By the clip.</summary>
    public required IReadOnlyList<GroupMeasures> ByClip { get; init; }
}
