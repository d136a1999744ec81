using FaceAnonStream.Tests.Kit.Peers;

namespace FaceAnonStream.Tests.Service.Metrics;

/// <summary>Debian's package <c>prometheus</c>.</summary>
internal static class PrometheusPrograms
{
    public static string Promtool => PeerPrograms.Require("promtool");

    public static string Server => PeerPrograms.Require("prometheus");
}
