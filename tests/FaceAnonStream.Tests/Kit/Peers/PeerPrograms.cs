using Xunit;

namespace FaceAnonStream.Tests.Kit.Peers;

/// <summary>What peers are made of, which a machine may lack.</summary>
public static class PeerPrograms
{
    /// <summary>Debian's own Python: GStreamer's bindings are packaged for no other.</summary>
    public const string Python = "/usr/bin/python3";

    public const string NginxRtmpModule = "/usr/lib/nginx/modules/ngx_rtmp_module.so";

    private const string GstRtspServer = "/usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib";

    /// <summary>The program's path; skips the test where there is none, and fails it there when CI runs it.</summary>
    public static string Require(string program)
    {
        var found = program.StartsWith('/')
            ? program
            : (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Demand(found is not null && File.Exists(found), program);
        return found!;
    }

    public static void RequireGstRtspServer() =>
        Demand(
            Directory.EnumerateDirectories("/usr/lib").Any(folder => File.Exists(GstRtspServer.Replace("/usr/lib/*", folder, StringComparison.Ordinal))),
            "gir1.2-gst-rtsp-server-1.0");

    private static void Demand(bool present, string what)
    {
        if (!present)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"CI must have {what}");
            Assert.Skip($"needs {what}, which is not installed here");
        }
    }
}
