using FaceAnonStream.Frames;

namespace FaceAnonStream.Jobs;

/// <summary>What a recording holds, as its container says.</summary>
/// <param name="Path">As the user gave it.</param>
/// <param name="Format">ffmpeg's name of the container, e.g. <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="SizeBytes">Size of the file.</param>
/// <param name="DurationSeconds">Null when the container does not say.</param>
/// <param name="Video">The video stream that is processed; null when there is none.</param>
/// <param name="Streams">Every stream, in the container's order.</param>
public sealed record MediaDescription(
    string Path,
    string Format,
    long SizeBytes,
    double? DurationSeconds,
    VideoDescription? Video,
    IReadOnlyList<StreamDescription> Streams);

/// <summary>A stream of any kind.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Kind">ffmpeg's word: <c>video</c>, <c>audio</c>, <c>subtitle</c>, <c>data</c> or <c>attachment</c>.</param>
/// <param name="Codec">ffmpeg's name of the codec, e.g. <c>aac</c>.</param>
public sealed record StreamDescription(int Index, string Kind, string Codec);

/// <summary>A video stream. Words are ffmpeg's; null means that the stream does not say.</summary>
public sealed record VideoDescription
{
    /// <summary>Index in <see cref="MediaDescription.Streams"/>.</summary>
    public required int Stream { get; init; }

    public required string Codec { get; init; }

    /// <summary>Luma samples per row of the upright picture.</summary>
    public required int Width { get; init; }

    /// <summary>Luma rows of the upright picture.</summary>
    public required int Height { get; init; }

    /// <summary>Sample layout, e.g. <c>yuv420p10le</c>.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>Seconds per tick of the stream's PTS.</summary>
    public required Rational TimeBase { get; init; }

    /// <summary>Mean frames per second; single frames may last longer or shorter.</summary>
    public Rational? FrameRate { get; init; }

    /// <summary>Frames in the stream, an estimate unless the container counts them.</summary>
    public long? FrameCount { get; init; }

    /// <summary>Width of a sample over its height.</summary>
    public Rational? SampleAspectRatio { get; init; }

    /// <summary>Counter-clockwise turn, in degrees, that makes the coded picture upright.</summary>
    public int RotationDegrees { get; init; }

    public string? ColorRange { get; init; }

    public string? ColorMatrix { get; init; }

    public string? ColorPrimaries { get; init; }

    public string? ColorTransfer { get; init; }
}
