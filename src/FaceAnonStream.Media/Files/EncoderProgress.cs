using System.Globalization;

namespace FaceAnonStream.Media.Files;

/// <summary>What an ffmpeg with <c>-progress pipe:1</c> says of its work: the last count of frames it has written.</summary>
public static class EncoderProgress
{
    private const string FrameKey = "frame=";

    /// <summary>Reads to the end of the child's output.</summary>
    /// <returns>Frames written to the file, or null when it did not say.</returns>
    public static async Task<long?> ReadFrameCountAsync(Stream output)
    {
        using var reader = new StreamReader(output);
        long? frames = null;
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith(FrameKey, StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(FrameKey.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                frames = count;
            }
        }

        return frames;
    }
}
