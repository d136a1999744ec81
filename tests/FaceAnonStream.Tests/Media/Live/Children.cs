using System.Globalization;
using FaceAnonStream.Tests.Kit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>The programs that a sink has started.</summary>
internal static class Children
{
    /// <summary>Ids of ffmpegs with that text in their command line or that folder as their own.</summary>
    public static IReadOnlyList<int> Of(string mark) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && IsOurs(id, mark)),
    ];

    /// <summary>Sends a signal to the only one.</summary>
    public static Task SignalAsync(string signal, string mark) => Command.RunAsync("kill", $"-{signal}", $"{Of(mark).Single()}");

    private static bool IsOurs(int id, string mark)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{id}/cmdline");
            return command.Contains("ffmpeg\0-nostdin", StringComparison.Ordinal)
                && (command.Contains(mark, StringComparison.Ordinal) || new DirectoryInfo($"/proc/{id}/cwd").ResolveLinkTarget(false)?.FullName == mark);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
