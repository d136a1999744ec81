using System.Globalization;
using FaceAnonStream.Media.Probing;

namespace FaceAnonStream.Media.Files;

/// <summary>The command line of the decoding ffmpeg: one file in, raw pictures with their exact times out.</summary>
internal static class DecoderArguments
{
    public static IEnumerable<string> For(MediaInput input, DecodeErrorPolicy onError)
    {
        var video = input.Video;
        List<string> arguments = ["-nostdin", "-hide_banner", "-v", "error"];
        if (onError == DecodeErrorPolicy.Fail)
        {
            arguments.Add("-xerror");
        }

        arguments.AddRange(
        [
            "-copyts", "-protocol_whitelist", FileFormats.Protocols, "-format_whitelist", FileFormats.DemuxerWhitelist,
            "-i", FileFormats.Url(input.Path),
            "-map", $"0:{video.Index}", "-vf", Filters(video),
            "-c:v", "rawvideo", "-pix_fmt", video.Conversion.DecodeAs,

            // Every decoded picture once, at its own time: no frame is dropped, doubled or moved.
            "-fps_mode", "passthrough", "-enc_time_base", video.TimeBase.ToString(),
            "-map_metadata", "-1",

            // The index at the end of NUT is of no use to a pipe and grows with every frame.
            "-write_index", "0", "-f", "nut", "pipe:1",
        ]);
        return arguments;
    }

    private static string Filters(VideoInput video)
    {
        // ffmpeg turns the picture upright before these. The size is pinned for streams that change it on the way.
        var size = string.Create(CultureInfo.InvariantCulture, $"scale={video.Format.Width}:{video.Format.Height}:flags=bicubic");
        if (video.Conversion.FromRgb)
        {
            size += ":out_color_matrix=bt709:out_range=tv";
        }

        return video.PtsShift() is > 0 and var shift
            ? string.Create(CultureInfo.InvariantCulture, $"{size},setpts=PTS+{shift}")
            : size;
    }

    /// <summary>Ticks that times are moved by while they travel as NUT, which has no negative ones.</summary>
    public static long PtsShift(this VideoInput video) => Math.Max(0, -video.StartPts);
}
