using FaceAnonStream.Faults;

namespace FaceAnonStream.Media.Probing;

/// <summary>Asks ffprobe what a file holds.</summary>
public static class MediaProbe
{
    /// <summary>Describes a file.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Source"/>: not a media file, no video, encrypted or
    /// an unsupported pixel format; <see cref="FaultOrigin.Node"/>: ffprobe is missing.</exception>
    public static async Task<MediaInput> ProbeAsync(string path, MediaOptions options, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] arguments =
        [
            "-v", "error", "-protocol_whitelist", FileFormats.Protocols, "-format_whitelist", FileFormats.DemuxerWhitelist,
            "-show_streams", "-show_format",

            // The first packets tell of encryption, which no stream header does.
            "-read_intervals", "%+#8", "-show_packets",
            "-of", "json", FileFormats.Url(path),
        ];
        var answer = await FfprobeCall.RunAsync(path, arguments, options, time, ct).ConfigureAwait(false);
        if (answer.Failure is { } failure)
        {
            var reason = failure.Replace(FileFormats.Url(path) + ": ", "", StringComparison.Ordinal);
            throw new FaultException(FaultOrigin.Source, $"{path}: not a video file that can be read ({reason})");
        }

        return ProbeReader.Describe(path, new FileInfo(path).Length, answer.Json);
    }
}
