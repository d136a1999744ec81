using System.Globalization;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Probing;

/// <summary>Turns ffprobe's answer into a description, or a reason why the file cannot be processed.</summary>
internal static class ProbeReader
{
    public static MediaInput Describe(string path, long sizeBytes, ProbeJson probed)
    {
        var streams = probed.Streams.Select(Describe).ToArray();
        var videoIndex = Array.FindIndex(streams, stream => stream.Kind == StreamKind.Video);
        if (videoIndex < 0)
        {
            var found = string.Join(", ", streams.Select(stream => $"{stream.Kind} {stream.Codec}"));
            throw Refuse(path, $"no video stream (found: {(found.Length > 0 ? found : "nothing")})");
        }

        var video = probed.Streams[videoIndex];
        if (IsEncrypted(probed, video))
        {
            throw Refuse(path, "the video is encrypted");
        }

        return new MediaInput
        {
            Path = path,
            FormatName = probed.Format.FormatName,
            SizeBytes = sizeBytes,
            DurationSeconds = Seconds(probed.Format.Duration),
            Video = DescribeVideo(path, video, Seconds(video.Duration) ?? Seconds(probed.Format.Duration)),
            Streams = streams,
        };
    }

    private static StreamInfo Describe(ProbeStream stream) => new(
        stream.Index, Kind(stream), stream.CodecName ?? "unknown", stream.Tags.GetValueOrDefault("language"));

    private static StreamKind Kind(ProbeStream stream) => stream.CodecType switch
    {
        "video" when stream.Disposition.GetValueOrDefault("attached_pic") == 1
            || stream.Disposition.GetValueOrDefault("timed_thumbnails") == 1 => StreamKind.AttachedPicture,
        "video" => StreamKind.Video,
        "audio" => StreamKind.Audio,
        "subtitle" => StreamKind.Subtitle,
        "attachment" => StreamKind.Attachment,
        _ => StreamKind.Data,
    };

    private static bool IsEncrypted(ProbeJson probed, ProbeStream video) =>
        video.CodecTagString is "encv" or "drmi"
        || video.SideDataList.Any(IsEncryption)
        || probed.Packets.Any(packet => packet.StreamIndex == video.Index && packet.SideDataList.Any(IsEncryption));

    private static bool IsEncryption(ProbeSideData data) =>
        data.SideDataType?.StartsWith("Encryption", StringComparison.Ordinal) ?? false;

    private static VideoInput DescribeVideo(string path, ProbeStream stream, double? durationSeconds)
    {
        if (stream.Width is < 1 or > FrameFormat.MaxSide || stream.Height is < 1 or > FrameFormat.MaxSide)
        {
            throw Refuse(path, $"a picture of {stream.Width}x{stream.Height} is not supported (1 to {FrameFormat.MaxSide} each side)");
        }

        var source = stream.PixFmt ?? throw Refuse(path, $"the {stream.CodecName} video cannot be decoded");
        var conversion = PixelConversion.From(source) ?? throw Refuse(path, $"pixel format {source} is not supported");
        var rotation = (int)Math.Round(stream.SideDataList.Select(data => data.Rotation).FirstOrDefault(value => value is not null) ?? 0);
        var turned = Math.Abs(rotation) % 180 == 90;
        var (width, height) = turned ? (stream.Height, stream.Width) : (stream.Width, stream.Height);
        var color = conversion.FromRgb
            ? StreamColor.FromNames("tv", "bt709", stream.ColorTransfer ?? "iec61966-2-1", "bt709")
            : StreamColor.FromNames(source.StartsWith("yuvj", StringComparison.Ordinal) ? "pc" : stream.ColorRange, stream.ColorPrimaries, stream.ColorTransfer, stream.ColorSpace);
        var timeBase = Ratio(stream.TimeBase, '/') is { IsPositive: true } given ? given : throw Refuse(path, "the video has no time base");
        var aspect = Ratio(stream.SampleAspectRatio, ':') is { IsPositive: true } sample ? sample : new Rational(1, 1);
        var frameRate = FirstPositive(Ratio(stream.AvgFrameRate, '/'), Ratio(stream.RFrameRate, '/')) ?? new Rational(25, 1);
        return new VideoInput
        {
            Index = stream.Index,
            Codec = stream.CodecName ?? "unknown",
            SourcePixelFormat = source,
            Format = new FrameFormat(width, height, conversion.Target, color.ToYuvColor(height)),
            Conversion = conversion,
            RotationDegrees = rotation,
            SampleAspectRatio = turned ? new Rational(aspect.Denominator, aspect.Numerator) : aspect,
            TimeBase = timeBase,
            FrameRate = frameRate,
            Color = color,
            StartPts = stream.StartPts ?? 0,
            FrameCount = CountedFrames(stream) ?? (durationSeconds is { } seconds ? (long)Math.Round(seconds * frameRate.Value) : null),
        };
    }

    private static long? CountedFrames(ProbeStream stream) =>
        long.TryParse(stream.NbFrames, NumberStyles.None, CultureInfo.InvariantCulture, out var frames) && frames > 0 ? frames : null;

    private static Rational? FirstPositive(params Rational?[] candidates) => candidates.FirstOrDefault(value => value is { IsPositive: true });

    private static Rational? Ratio(string? text, char separator)
    {
        var parts = (text ?? "").Split(separator);
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var numerator)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var denominator)
            ? new Rational(numerator, denominator)
            : null;
    }

    private static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) && seconds > 0
            ? seconds
            : null;

    private static FaultException Refuse(string path, string reason) => new(FaultOrigin.Source, $"{path}: {reason}");
}
