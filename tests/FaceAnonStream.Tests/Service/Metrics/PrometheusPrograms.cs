using Xunit;

namespace FaceAnonStream.Tests.Service.Metrics;

/// <summary>Debian's package <c>prometheus</c>.</summary>
internal static class PrometheusPrograms
{
    public static string Promtool => Require("promtool");

    public static string Server => Require("prometheus");

    /// <summary>Skips the test where the program is missing, and fails it there when CI runs it.</summary>
    private static string Require(string program)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"CI must have {program} (package prometheus)");
            Assert.Skip($"needs {program} (package prometheus), which is not here");
        }

        return path;
    }
}
