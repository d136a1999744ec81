using System.Text.Json;
using FaceAnonStream.Faults;
using FaceAnonStream.Media.Processes;

namespace FaceAnonStream.Media.Probing;

/// <summary>Asks ffprobe what a file holds.</summary>
public static class MediaProbe
{
    /// <summary>A description longer than this is not one of a video file.</summary>
    private const int MaxJsonBytes = 8 << 20;

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
        await using var process = ChildProcess.Start(options.Ffprobe, arguments, TimeSpan.FromMilliseconds(options.StopGraceMs), time);
        process.Input.Close();
        var json = await ReadAsync(process.Output, path, ct).ConfigureAwait(false);
        var exitCode = await process.ExitAsync(ct).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new FaultException(FaultOrigin.Source, $"{path}: not a video file that can be read ({Reason(process, exitCode, path)})");
        }

        var probed = JsonSerializer.Deserialize(json.Span, ProbeJsonContext.Default.ProbeJson) ?? new ProbeJson();
        return ProbeReader.Describe(path, new FileInfo(path).Length, probed);
    }

    private static string Reason(ChildProcess process, int exitCode, string path) =>
        process.Reason(exitCode).Replace(FileFormats.Url(path) + ": ", "", StringComparison.Ordinal);

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, string path, CancellationToken ct)
    {
        var buffer = new MemoryStream();
        var chunk = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(chunk, ct).ConfigureAwait(false)) > 0)
        {
            if (buffer.Length + read > MaxJsonBytes)
            {
                throw new FaultException(FaultOrigin.Source, $"{path}: has too many streams to be a video file");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
