using FaceAnonStream.Jobs;

namespace FaceAnonStream.Media.Probing;

/// <summary>What reports and people are told of a file.</summary>
public static class MediaInputDescription
{
    public static MediaDescription Describe(this MediaInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var video = input.Video;
        return new MediaDescription(
            input.Path,
            input.FormatName,
            input.SizeBytes,
            input.DurationSeconds,
            new VideoDescription
            {
                Stream = video.Index,
                Codec = video.Codec,
                Width = video.Format.Width,
                Height = video.Format.Height,
                PixelFormat = video.SourcePixelFormat,
                TimeBase = video.TimeBase,
                FrameRate = video.FrameRate,
                FrameCount = video.FrameCount,
                SampleAspectRatio = video.SampleAspectRatio,
                RotationDegrees = video.RotationDegrees,
                ColorRange = video.Color.Range,
                ColorMatrix = video.Color.Matrix,
                ColorPrimaries = video.Color.Primaries,
                ColorTransfer = video.Color.Transfer,
            },
            [.. input.Streams.Select(stream => new StreamDescription(stream.Index, stream.Kind.Word(), stream.Codec))]);
    }

    /// <summary>ffmpeg's word for a kind of stream; an attached picture is a video stream to it.</summary>
    public static string Word(this StreamKind kind) => kind switch
    {
        StreamKind.Video or StreamKind.AttachedPicture => "video",
        StreamKind.Audio => "audio",
        StreamKind.Subtitle => "subtitle",
        StreamKind.Attachment => "attachment",
        _ => "data",
    };
}
