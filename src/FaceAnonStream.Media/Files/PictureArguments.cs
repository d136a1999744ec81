using System.Globalization;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Files;

/// <summary>What the command lines of all encoding ffmpegs have in common.</summary>
internal static class PictureArguments
{
    /// <summary>Encoders for which our defaults of preset and rate factor mean what they say.</summary>
    private static readonly string[] X26x = ["libx264", "libx265"];

    /// <summary>Words in the names of encoders that cannot code an odd number of rows or columns with subsampled chroma.</summary>
    private static readonly string[] EvenSizesOnly = ["264", "265", "hevc", "svtav1"];

    /// <summary>Nothing that the input says of itself.</summary>
    public static IReadOnlyList<string> NoMetadata { get; } = ["-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1"];

    /// <summary>MPEG-TS at the pictures' own times, without delay.</summary>
    public static IReadOnlyList<string> TransportStream { get; } = ["-mpegts_copyts", "1", "-muxdelay", "0", "-muxpreload", "0"];

    /// <summary>Pictures come as NUT through standard input; times stay what they are.</summary>
    /// <param name="reportPeriod">Seconds between two reports on standard output.</param>
    public static IEnumerable<string> Input(string reportPeriod) =>
    [
        "-nostdin", "-hide_banner", "-v", "error", "-y", "-copyts", "-progress", "pipe:1", "-stats_period", reportPeriod,

        // The header says it all: without these ffmpeg first gathers twenty pictures to guess their rate.
        "-fpsprobesize", "0", "-analyzeduration", "0", "-probesize", "32",
        "-protocol_whitelist", "pipe", "-f", "nut", "-i", "pipe:0",
    ];

    /// <summary>The encoder, its preset and its rate factor.</summary>
    public static IEnumerable<string> Encoder(MediaOptions options)
    {
        yield return "-c:v";
        yield return options.VideoCodec;
        var defaults = new MediaOptions();
        var ours = IsX26x(options.VideoCodec);
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

    /// <summary>Every picture once, at its own time.</summary>
    public static IEnumerable<string> Timing(PictureStream pictures) =>
        ["-fps_mode", "passthrough", "-enc_time_base", pictures.TimeBase.ToString()];

    /// <summary>Colour tags, and what makes the encoder take the size; empty where there is nothing to do.</summary>
    public static string Filters(PictureStream pictures, string videoCodec)
    {
        List<string> filters = [];
        if (NeedsEvenSize(pictures.Format, videoCodec))
        {
            // The added row or column repeats the last one, so that no border shows.
            var right = pictures.Format.Width & pictures.Format.PixelFormat.ChromaShiftX;
            var bottom = pictures.Format.Height & pictures.Format.PixelFormat.ChromaShiftY;
            filters.Add($"pad=iw+{right}:ih+{bottom}");
            filters.Add($"fillborders=right={right}:bottom={bottom}:mode=smear");
        }

        if (pictures.PtsShift is > 0 and var shift)
        {
            // setpts computes in floating point and cuts off: without rounding, times on one side of 0 lose a tick.
            filters.Add(string.Create(CultureInfo.InvariantCulture, $"setpts=round(PTS-{shift}*{pictures.TimeBase}/TB)"));
        }

        string?[] tags =
        [
            Tag("range", pictures.Color.Range), Tag("color_primaries", pictures.Color.Primaries),
            Tag("color_trc", pictures.Color.Transfer), Tag("colorspace", pictures.Color.Matrix),
        ];
        var known = tags.Where(tag => tag is not null).ToArray();
        if (known.Length > 0)
        {
            filters.Add("setparams=" + string.Join(':', known));
        }

        return string.Join(',', filters);

        static string? Tag(string name, string? value) => value is null ? null : $"{name}={value}";
    }

    /// <summary>Whether an encoder understands the options of x264 and x265.</summary>
    public static bool IsX26x(string videoCodec) => X26x.Contains(videoCodec);

    /// <summary>Whether the encoder needs a row or column more than the picture has.</summary>
    public static bool NeedsEvenSize(FrameFormat format, string videoCodec) =>
        ((format.Width & format.PixelFormat.ChromaShiftX) | (format.Height & format.PixelFormat.ChromaShiftY)) != 0
        && EvenSizesOnly.Any(name => videoCodec.Contains(name, StringComparison.Ordinal));
}
