using FaceAnonStream.Frames;
using FaceAnonStream.Media.Files;

namespace FaceAnonStream.Media.Probing;

/// <summary>What a stream carries.</summary>
public enum StreamKind
{
    Video,
    Audio,
    Subtitle,
    Data,
    Attachment,

    /// <summary>A cover picture: pixels that nobody anonymised.</summary>
    AttachedPicture,
}

/// <summary>Any stream of a file.</summary>
/// <param name="Index">ffmpeg's index within the file.</param>
/// <param name="Kind">What it carries.</param>
/// <param name="Codec">ffmpeg's name of the codec.</param>
/// <param name="Language">ISO 639 code, or null.</param>
public sealed record StreamInfo(int Index, StreamKind Kind, string Codec, string? Language);

/// <summary>The video stream that is processed.</summary>
public sealed record VideoInput
{
    public required int Index { get; init; }

    public required string Codec { get; init; }

    /// <summary>What the file holds, under ffmpeg's name.</summary>
    public required string SourcePixelFormat { get; init; }

    /// <summary>The decoded frames: upright (display rotation applied), in the layout that the pipeline works on.</summary>
    public required FrameFormat Format { get; init; }

    /// <summary>How the source layout becomes the pipeline's.</summary>
    public required PixelConversion Conversion { get; init; }

    /// <summary>Display rotation in degrees that decoding undoes.</summary>
    public required int RotationDegrees { get; init; }

    /// <summary>Width over height of one (upright) sample; 1/1 where the file does not say.</summary>
    public required Rational SampleAspectRatio { get; init; }

    /// <summary>Seconds per PTS tick.</summary>
    public required Rational TimeBase { get; init; }

    /// <summary>Nominal frames per second.</summary>
    public required Rational FrameRate { get; init; }

    public required StreamColor Color { get; init; }

    /// <summary>First PTS, in ticks; 0 where the container does not say. May be negative.</summary>
    public required long StartPts { get; init; }

    /// <summary>Frames that the container announces, or an estimate from duration and rate; null when unknown.</summary>
    public required long? FrameCount { get; init; }

    /// <summary>The same pictures, anonymised, on their way to an encoder.</summary>
    public PictureStream Pictures => new(Format, TimeBase, FrameRate, SampleAspectRatio, Color) { PtsShift = this.PtsShift() };
}

/// <summary>A media file, as far as the pipeline needs to know it.</summary>
public sealed record MediaInput
{
    public required string Path { get; init; }

    /// <summary>ffmpeg's name of the container format.</summary>
    public required string FormatName { get; init; }

    public required long SizeBytes { get; init; }

    public required double? DurationSeconds { get; init; }

    public required VideoInput Video { get; init; }

    /// <summary>Every stream, the processed one included, by index.</summary>
    public required IReadOnlyList<StreamInfo> Streams { get; init; }
}
