using System.Globalization;
using FaceAnonStream.Frames;
using FaceAnonStream.Media.Probing;

namespace FaceAnonStream.Media.Files;

/// <summary>
/// The command line of the encoding ffmpeg: anonymised pictures in through a pipe, sound and subtitles straight from the
/// original file (their durations and encoder delays do not survive NUT), one file out.
/// </summary>
internal static class EncoderArguments
{
    /// <summary>Encoders for which our defaults of preset and rate factor mean what they say.</summary>
    private static readonly string[] X26x = ["libx264", "libx265"];

    /// <summary>Words in the names of encoders that cannot code an odd number of rows or columns with subsampled chroma.</summary>
    private static readonly string[] EvenSizesOnly = ["264", "265", "hevc", "svtav1"];

    public static IEnumerable<string> For(
        MediaInput input, CompanionStreams companions, Container container, MediaOptions options, string outputPath)
    {
        var video = input.Video;
        List<string> arguments =
        [
            "-nostdin", "-hide_banner", "-v", "error", "-y", "-copyts", "-progress", "pipe:1", "-stats_period", "60",

            // The header says it all: without these ffmpeg first gathers twenty pictures to guess their rate.
            "-fpsprobesize", "0", "-analyzeduration", "0", "-probesize", "32",
            "-protocol_whitelist", "pipe", "-f", "nut", "-i", "pipe:0",
        ];
        if (companions.Copied.Count > 0)
        {
            arguments.AddRange(
            [
                "-protocol_whitelist", FileFormats.Protocols, "-format_whitelist", FileFormats.DemuxerWhitelist,
                "-i", FileFormats.Url(input.Path),
            ]);
        }

        arguments.AddRange(["-map", "0:v:0"]);
        foreach (var stream in companions.Copied)
        {
            arguments.AddRange(["-map", $"1:{stream.Index}"]);
        }

        arguments.AddRange(["-c:a", "copy", "-c:s", "copy", "-c:v", options.VideoCodec]);
        arguments.AddRange(Quality(options));
        if (Filters(video, options) is { Length: > 0 } filters)
        {
            arguments.AddRange(["-vf", filters]);
        }

        arguments.AddRange(["-fps_mode", "passthrough", "-enc_time_base", video.TimeBase.ToString()]);
        arguments.AddRange(Metadata(companions));
        arguments.AddRange(Muxing(video, container));
        arguments.AddRange(["-f", container.Muxer, FileFormats.Url(outputPath)]);
        return arguments;
    }

    private static IEnumerable<string> Quality(MediaOptions options)
    {
        var defaults = new MediaOptions();
        var ours = X26x.Contains(options.VideoCodec);
        if (options.Preset.Length > 0 && (ours || options.Preset != defaults.Preset))
        {
            yield return "-preset";
            yield return options.Preset;
        }

        if (options.Crf >= 0 && (ours || options.Crf != defaults.Crf))
        {
            yield return "-crf";
            yield return options.Crf.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string Filters(VideoInput video, MediaOptions options)
    {
        List<string> filters = [];
        if (NeedsEvenSize(video.Format, options.VideoCodec))
        {
            // The added row or column repeats the last one, so that no border shows.
            var right = video.Format.Width & video.Format.PixelFormat.ChromaShiftX;
            var bottom = video.Format.Height & video.Format.PixelFormat.ChromaShiftY;
            filters.Add($"pad=iw+{right}:ih+{bottom}");
            filters.Add($"fillborders=right={right}:bottom={bottom}:mode=smear");
        }

        if (video.PtsShift() is > 0 and var shift)
        {
            // setpts computes in floating point and cuts off: without rounding, times on one side of 0 lose a tick.
            filters.Add(string.Create(CultureInfo.InvariantCulture, $"setpts=round(PTS-{shift}*{video.TimeBase}/TB)"));
        }

        string?[] tags =
        [
            Tag("range", video.Color.Range), Tag("color_primaries", video.Color.Primaries),
            Tag("color_trc", video.Color.Transfer), Tag("colorspace", video.Color.Matrix),
        ];
        var known = tags.Where(tag => tag is not null).ToArray();
        if (known.Length > 0)
        {
            filters.Add("setparams=" + string.Join(':', known));
        }

        return string.Join(',', filters);

        static string? Tag(string name, string? value) => value is null ? null : $"{name}={value}";
    }

    /// <summary>Whether the encoder needs a row or column more than the picture has.</summary>
    public static bool NeedsEvenSize(FrameFormat format, string videoCodec) =>
        ((format.Width & format.PixelFormat.ChromaShiftX) | (format.Height & format.PixelFormat.ChromaShiftY)) != 0
        && EvenSizesOnly.Any(name => videoCodec.Contains(name, StringComparison.Ordinal));

    // An allow-list: nothing of the input's metadata but the languages of copied streams.
    private static IEnumerable<string> Metadata(CompanionStreams companions)
    {
        foreach (var argument in (string[])["-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1"])
        {
            yield return argument;
        }

        for (var i = 0; i < companions.Copied.Count; i++)
        {
            if (companions.Copied[i].Language is { Length: > 0 and <= 8 } language && language.All(char.IsAsciiLetterOrDigit))
            {
                // The output's stream 0 is the picture.
                yield return string.Create(CultureInfo.InvariantCulture, $"-metadata:s:{i + 1}");
                yield return $"language={language}";
            }
        }
    }

    private static IEnumerable<string> Muxing(VideoInput video, Container container)
    {
        if (container.KeepsTimeBase)
        {
            return
            [
                "-video_track_timescale", video.TimeBase.Denominator.ToString(CultureInfo.InvariantCulture),
                "-movflags", "+faststart",
            ];
        }

        return container.Muxer == "mpegts" ? ["-mpegts_copyts", "1", "-muxdelay", "0", "-muxpreload", "0"] : [];
    }
}
