using FaceAnonStream.Live;
using FaceAnonStream.Media.Files;

namespace FaceAnonStream.Media.Live;

/// <summary>An address that ffmpeg connects to.</summary>
internal sealed class NetworkTarget : ILiveTarget, ITargetSession
{
    private readonly Endpoint _endpoint;

    public NetworkTarget(Endpoint endpoint, LiveOptions options)
    {
        _endpoint = endpoint;
        Arguments = [.. Muxing(endpoint, options), endpoint.Address];
    }

    public bool IsLocal => false;

    public TimeSpan? KeyframeInterval => null;

    public IReadOnlyList<string> Arguments { get; }

    public string? Folder => null;

    public ITargetSession Begin() => this;

    public string Scrub(string text) => _endpoint.Scrub(text);

    public void Hear(string line)
    {
    }

    public string? Check() => null;

    public void End(bool isComplete)
    {
    }

    private static string[] Muxing(Endpoint endpoint, LiveOptions options) => endpoint.Kind switch
    {
        EndpointKind.Rtsp =>
        [
            "-protocol_whitelist", "tcp,tls,udp,rtp,srtp", "-rtsp_transport", options.RtspTransport == RtspTransport.Udp ? "udp" : "tcp", "-f", "rtsp",
        ],
        EndpointKind.Rtmp =>
        [
            "-protocol_whitelist", "rtmp,rtmps,tcp,tls", .. SourceArguments.Tls(endpoint, options), "-flvflags", "no_duration_filesize", "-f", "flv",
        ],
        EndpointKind.Srt => ["-protocol_whitelist", "srt", .. TransportStream],
        EndpointKind.MpegTs => ["-protocol_whitelist", endpoint.Scheme, .. Datagrams(endpoint), .. TransportStream],
        var kind => throw new ArgumentException($"{kind} is no address", nameof(endpoint)),
    };

    private static string[] TransportStream => [.. PictureArguments.TransportStream, "-flush_packets", "1", "-f", "mpegts"];

    // Seven packets of a transport stream: as many as fit into a datagram that no network splits.
    private static string[] Datagrams(Endpoint endpoint) =>
        endpoint.Scheme == "udp" && !endpoint.Address.Contains("pkt_size=", StringComparison.Ordinal) ? ["-pkt_size", "1316"] : [];
}
