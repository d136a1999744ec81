using System.ComponentModel;
using System.Diagnostics;
using FaceAnonStream.Media.Nut;
using Xunit;

namespace FaceAnonStream.Tests.Media.Nut;

/// <summary>The real ffmpeg, run to its end.</summary>
internal static class Ffmpeg
{
    /// <returns>Standard output.</returns>
    public static Task<byte[]> RunAsync(params string[] arguments) => FeedAsync([], arguments);

    /// <returns>Standard output.</returns>
    public static Task<byte[]> FeedAsync(byte[] input, params string[] arguments) => RunAsync("ffmpeg", arguments, input);

    /// <summary>What ffprobe says about a NUT stream that it reads from a pipe, one line each.</summary>
    public static async Task<(string[] Packets, string[] Streams)> ProbeAsync(byte[] input, string streamEntries)
    {
        const string packetEntries = "packet=stream_index,pts,size,flags,data_hash";
        string[] arguments =
        [
            "-f", "nut", "-i", "pipe:0", "-show_data_hash", "SHA256",
            "-show_entries", $"{packetEntries}:stream={streamEntries}", "-of", "csv",
        ];
        var output = await RunAsync("ffprobe", arguments, input);
        var lines = System.Text.Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (Select("packet,"), Select("stream,"));

        string[] Select(string section) =>
        [
            .. lines.Where(line => line.StartsWith(section, StringComparison.Ordinal)).Select(line => line[section.Length..]),
        ];
    }

    /// <summary>Runs a program that must succeed and complain about nothing.</summary>
    private static async Task<byte[]> RunAsync(string program, string[] arguments, byte[] input)
    {
        var start = new ProcessStartInfo(program, ["-hide_banner", "-v", "warning", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        var copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await copy;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 && await errors == "", $"{program}: exit {process.ExitCode}: {await errors}");
        return output.ToArray();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"these tests need {start.FileName}", e);
        }
    }
}
