namespace FaceAnonStream.Media.Live;

/// <summary>
/// What an encoder says on its standard output: blocks of <c>key=value</c> lines about its progress, and what its muxer
/// says about files. ffmpeg begins to report when every output is open and its header written, and not before.
/// </summary>
internal static class EncoderReport
{
    private const string BlockEnd = "progress=";
    private const string Going = "continue";

    /// <summary>Reads to the end of the encoder's output.</summary>
    /// <param name="output">Its standard output.</param>
    /// <param name="progressed">Called for every block but the last.</param>
    /// <param name="heard">Called for every other line.</param>
    public static async Task ReadAsync(Stream output, Action progressed, Action<string> heard)
    {
        using var reader = new StreamReader(output);
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith(BlockEnd, StringComparison.Ordinal))
            {
                if (line.AsSpan(BlockEnd.Length).SequenceEqual(Going))
                {
                    progressed();
                }
            }
            else if (!line.Contains('=', StringComparison.Ordinal))
            {
                heard(line);
            }
        }
    }
}
