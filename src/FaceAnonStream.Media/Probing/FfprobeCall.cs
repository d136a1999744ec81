using System.Text.Json;
using FaceAnonStream.Faults;
using FaceAnonStream.Media.Processes;

namespace FaceAnonStream.Media.Probing;

/// <summary>What ffprobe answered.</summary>
/// <param name="Failure">Its own words for why it failed; null when it did not.</param>
/// <param name="Json">What it found.</param>
/// <param name="ErrorLines">The last lines that it complained in.</param>
internal sealed record FfprobeAnswer(string? Failure, ProbeJson Json, IReadOnlyList<string> ErrorLines);

/// <summary>One run of ffprobe.</summary>
internal static class FfprobeCall
{
    /// <summary>A description longer than this is not one of a video.</summary>
    private const int MaxJsonBytes = 8 << 20;

    /// <param name="name">Of the input, for messages.</param>
    /// <param name="arguments">What is asked, in JSON.</param>
    /// <param name="options">Programs.</param>
    /// <param name="time">Times the grace of a stopping process.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Source"/>: more than a video has;
    /// <see cref="FaultOrigin.Node"/>: ffprobe is missing.</exception>
    public static async Task<FfprobeAnswer> RunAsync(
        string name, IEnumerable<string> arguments, MediaOptions options, TimeProvider time, CancellationToken ct)
    {
        await using var process = ChildProcess.Start(options.Ffprobe, arguments, TimeSpan.FromMilliseconds(options.StopGraceMs), time);
        process.Input.Close();
        var json = await ReadAsync(process.Output, name, ct).ConfigureAwait(false);
        var exitCode = await process.ExitAsync(ct).ConfigureAwait(false);
        return exitCode == 0
            ? new FfprobeAnswer(null, JsonSerializer.Deserialize(json.Span, ProbeJsonContext.Default.ProbeJson) ?? new ProbeJson(), process.ErrorLines)
            : new FfprobeAnswer(process.Reason(exitCode), new ProbeJson(), process.ErrorLines);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, string name, CancellationToken ct)
    {
        var buffer = new MemoryStream();
        var chunk = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(chunk, ct).ConfigureAwait(false)) > 0)
        {
            if (buffer.Length + read > MaxJsonBytes)
            {
                throw new FaultException(FaultOrigin.Source, $"{name}: has too many streams to be a video file");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
