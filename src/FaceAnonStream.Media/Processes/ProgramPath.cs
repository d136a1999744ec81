using FaceAnonStream.Faults;

namespace FaceAnonStream.Media.Processes;

/// <summary>Finds programs as a shell would.</summary>
internal static class ProgramPath
{
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Node"/>: not found.</exception>
    public static string Find(string program) =>
        TryFind(program)
        ?? throw new FaultException(
            FaultOrigin.Node,
            $"{program} was not found: install it (Debian: apt-get install ffmpeg) or name its path in media.{Path.GetFileName(program)}");

    public static string? TryFind(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }
}
