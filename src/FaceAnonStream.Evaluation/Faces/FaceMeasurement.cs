using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>What became of one face of the original.</summary>
public sealed record FaceMeasurement
{
    /// <summary>In which clip, from 0.</summary>
    public required int Clip { get; init; }

    public required SeenFace Face { get; init; }

    public required FaceSize Size { get; init; }

    /// <summary>What the anonymiser says of it; null when it lists no such face, or nothing is listed.</summary>
    public ListedFace? Listed { get; init; }

    /// <summary>Whether it surely has the face of somebody who does not exist.</summary>
    public bool IsReplaced => Listed?.Cover == OutcomeKind.Synthetic;

    /// <summary>How much of the original is to be seen in the output.</summary>
    public required OriginalVisibility Visibility { get; init; }

    /// <summary>Whether that is so much that the face counts as not covered.</summary>
    public bool IsUncovered => Visibility.IsOriginal(Face.Detection.SidePx());

    /// <summary>Whether the detector finds it in the output.</summary>
    public required bool IsFoundAgain { get; init; }

    /// <summary>Whether its landmarks can be trusted in the original.</summary>
    public required bool HasLandmarks { get; init; }

    /// <summary>Mean distance of its landmarks in the output from those in the original, in longer sides of its box.</summary>
    public required double LandmarkDistance { get; init; }

    /// <summary>How its landmarks shake; null where the frames around it do not tell.</summary>
    public Jitter? Jitter { get; init; }
}

/// <summary>Mean squared second differences of landmarks over three consecutive frames, in squared longer sides of the box.</summary>
/// <param name="Original">In the original.</param>
/// <param name="Anonymised">In the output.</param>
/// <param name="IsOfReplaced">Whether the face is replaced in all three frames.</param>
public sealed record Jitter(double Original, double Anonymised, bool IsOfReplaced);
