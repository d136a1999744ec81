using FaceAnonStream.Frames;
using FaceAnonStream.Jobs;
using FaceAnonStream.Media.Probing;

namespace FaceAnonStream.Media.Live;

/// <summary>A live source, as it was when it was first reached. The picture format holds for the stream's whole life.</summary>
public sealed record LiveInput
{
    public required Endpoint Endpoint { get; init; }

    /// <summary>Of the decoded frames: upright, 8-bit 4:2:0 in limited range, both sides even.</summary>
    public required FrameFormat Format { get; init; }

    /// <summary>Nominal frames per second, 1 to 120.</summary>
    public required Rational FrameRate { get; init; }

    /// <summary>Width over height of one sample.</summary>
    public required Rational SampleAspectRatio { get; init; }

    /// <summary>Of the decoded frames.</summary>
    public required StreamColor Color { get; init; }

    /// <summary>What later connections are held to as well.</summary>
    public required PictureLimit Limit { get; init; }

    /// <summary>What the source said of itself, for reports; without secrets.</summary>
    public required MediaDescription Description { get; init; }
}
