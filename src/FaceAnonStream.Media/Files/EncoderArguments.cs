using System.Globalization;

namespace FaceAnonStream.Media.Files;

/// <summary>
/// The command line of the encoding ffmpeg: anonymised pictures in through a pipe, sound and subtitles straight from the
/// original file (their durations and encoder delays do not survive NUT), one file out.
/// </summary>
internal static class EncoderArguments
{
    /// <param name="pictures">What the pipe brings.</param>
    /// <param name="originalPath">Where copied streams come from.</param>
    /// <param name="companions">Which they are.</param>
    /// <param name="container">What is written.</param>
    /// <param name="options">Encoder.</param>
    /// <param name="outputPath">Where to.</param>
    public static IEnumerable<string> For(
        PictureStream pictures, string originalPath, CompanionStreams companions, Container container, MediaOptions options, string outputPath)
    {
        List<string> arguments = [.. PictureArguments.Input(reportPeriod: "60")];
        if (companions.Copied.Count > 0)
        {
            arguments.AddRange(
            [
                "-protocol_whitelist", FileFormats.Protocols, "-format_whitelist", FileFormats.DemuxerWhitelist,
                "-i", FileFormats.Url(originalPath),
            ]);
        }

        arguments.AddRange(["-map", "0:v:0"]);
        foreach (var stream in companions.Copied)
        {
            arguments.AddRange(["-map", $"1:{stream.Index}"]);
        }

        arguments.AddRange(["-c:a", "copy", "-c:s", "copy", .. PictureArguments.Encoder(options)]);
        if (PictureArguments.Filters(pictures, options.VideoCodec) is { Length: > 0 } filters)
        {
            arguments.AddRange(["-vf", filters]);
        }

        arguments.AddRange(PictureArguments.Timing(pictures));
        arguments.AddRange(Metadata(companions));
        arguments.AddRange(Muxing(pictures, container));
        arguments.AddRange(["-f", container.Muxer, FileFormats.Url(outputPath)]);
        return arguments;
    }

    // An allow-list: nothing of the input's metadata but the languages of copied streams.
    private static IEnumerable<string> Metadata(CompanionStreams companions)
    {
        foreach (var argument in PictureArguments.NoMetadata)
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

    private static IEnumerable<string> Muxing(PictureStream pictures, Container container)
    {
        if (container.KeepsTimeBase)
        {
            return
            [
                "-video_track_timescale", pictures.TimeBase.Denominator.ToString(CultureInfo.InvariantCulture),
                "-movflags", "+faststart",
            ];
        }

        return container.Muxer == "mpegts" ? PictureArguments.TransportStream : [];
    }
}
