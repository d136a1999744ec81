using FaceAnonStream.Frames;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Tests.Kit;

namespace FaceAnonStream.Tests.Media.Files;

/// <summary>Descriptions of files that need not exist.</summary>
internal static class Inputs
{
    public static MediaInput Of(int width = 640, int height = 360, string pixelFormat = "yuv420p", params StreamInfo[] companions)
    {
        var video = new VideoInput
        {
            Index = 0,
            Codec = "h264",
            SourcePixelFormat = pixelFormat,
            Format = Formats.Of(width, height, pixelFormat),
            Conversion = PixelConversion.From(pixelFormat)!,
            RotationDegrees = 0,
            SampleAspectRatio = new Rational(1, 1),
            TimeBase = new Rational(1, 90_000),
            FrameRate = new Rational(25, 1),
            Color = new StreamColor("tv", "bt709", null, "bt709"),
            StartPts = 0,
            FrameCount = null,
        };
        return new MediaInput
        {
            Path = "in.mp4",
            FormatName = "mov",
            SizeBytes = 1,
            DurationSeconds = null,
            Video = video,
            Streams = [new StreamInfo(0, StreamKind.Video, "h264", null), .. companions],
        };
    }

    public static MediaInput StartingAt(long startPts)
    {
        var input = Of();
        return input with { Video = input.Video with { StartPts = startPts } };
    }
}
