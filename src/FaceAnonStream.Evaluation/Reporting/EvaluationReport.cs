using FaceAnonStream.Detection;

namespace FaceAnonStream.Evaluation.Reporting;

/// <summary>How well recordings were anonymised.</summary>
public sealed record EvaluationReport : Measures
{
    public required ModelIdentity Detector { get; init; }

    public required ModelIdentity Landmarks { get; init; }

    public required IReadOnlyList<ModelIdentity> Recognizers { get; init; }

    public required int Clips { get; init; }

    public required int Frames { get; init; }

    /// <summary>Tracks of all faces.</summary>
    public required int Tracks { get; init; }

    /// <summary>Tracks that the recognisers saw: long and large enough.</summary>
    public required int RecognizedTracks { get; init; }

    /// <summary>People that these tracks show.</summary>
    public required int People { get; init; }

    /// <summary>By the face's size in the original.</summary>
    public required IReadOnlyList<GroupMeasures> BySize { get; init; }

    /// <summary>By the clip.</summary>
    public required IReadOnlyList<GroupMeasures> ByClip { get; init; }
}
