using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Evaluation.Reporting;

/// <summary>How well recordings were anonymised.</summary>
public sealed record EvaluationReport : BrokenDownMeasures
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

    /// <summary>Where originals are still to be seen: the first of them, for looking at.</summary>
    public required IReadOnlyList<UncoveredFace> Uncovered { get; init; }

    /// <summary>The same of the faces that were replaced by synthetic ones: what has another cover tells nothing of those. People
    /// are sought among the originals of everybody. Null when it is not known how faces were covered.</summary>
    public required BrokenDownMeasures? Replaced { get; init; }
}

/// <summary>A face whose original is still to be seen.</summary>
/// <param name="Clip">In which clip.</param>
/// <param name="Frame">In which of its frames, from 0.</param>
/// <param name="Box">Where, in luma pixels.</param>
/// <param name="Visibility">How much of it.</param>
public sealed record UncoveredFace(string Clip, int Frame, PixelRect Box, OriginalVisibility Visibility);
