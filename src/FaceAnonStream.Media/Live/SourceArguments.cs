using System.Globalization;
using FaceAnonStream.Live;

namespace FaceAnonStream.Media.Live;

/// <summary>How ffmpeg and ffprobe are told to open a live source.</summary>
internal static class SourceArguments
{
    /// <summary>Holds the largest pictures' packets that arrive at once.</summary>
    private const int DatagramBufferBytes = 4 << 20;

    /// <summary>Everything up to and including the address.</summary>
    /// <param name="source">A live source.</param>
    /// <param name="options">Timeouts and transport.</param>
    /// <param name="limit">Of its pictures.</param>
    public static IEnumerable<string> For(Endpoint source, LiveOptions options, PictureLimit limit)
    {
        var (protocols, formats) = Allowed(source);
        return
        [
            // A peer, a redirect or a playlist opens nothing but what this kind of source is made of; never a local file.
            "-protocol_whitelist", protocols, "-format_whitelist", formats,
            .. limit.Arguments,
            .. Tls(source, options),
            .. Options(source, options),
            "-i", source.Address,
        ];
    }

    /// <summary>Whom TLS speaks to. ffmpeg's RTSP does not hand it on, and without TLS ffmpeg does not know it.</summary>
    public static string[] Tls(Endpoint endpoint, LiveOptions options) =>
        endpoint.Scheme is "https" or "rtmps" ? ["-tls_verify", options.TlsPeers == TlsPeers.Trusted ? "1" : "0"] : [];

    private static (string Protocols, string Formats) Allowed(Endpoint source) => (source.Kind, source.Scheme) switch
    {
        (EndpointKind.Rtsp, "rtsps") => ("tls,tcp,udp,rtp,srtp", "rtsp"),
        (EndpointKind.Rtsp, _) => ("tcp,udp,rtp", "rtsp"),
        (EndpointKind.Rtmp, "rtmps") => ("rtmps,tls,tcp", "flv,live_flv"),
        (EndpointKind.Rtmp, _) => ("rtmp,tcp", "flv,live_flv"),
        (EndpointKind.Srt, _) => ("srt", "mpegts"),
        (EndpointKind.Hls, _) => ("http,https,tls,tcp,crypto", "hls,mpegts,mov,mp4,aac,mp3,webvtt"),
        (_, "udp") => ("udp", "mpegts"),
        (_, "tcp") => ("tcp", "mpegts"),
        _ => ("http,https,tls,tcp", "mpegts"),
    };

    private static string[] Options(Endpoint source, LiveOptions options)
    {
        // A peer that is connected and mute is left to itself no longer than a source that has stalled.
        var timeout = Math.Min(options.StallMs, options.ConnectTimeoutMs);
        var microseconds = (timeout * 1000L).ToString(CultureInfo.InvariantCulture);
        var buffer = DatagramBufferBytes.ToString(CultureInfo.InvariantCulture);
        return (source.Kind, source.Scheme) switch
        {
            (EndpointKind.Rtsp, _) when options.RtspTransport == RtspTransport.Udp =>
                ["-f", "rtsp", "-rtsp_transport", "udp", "-timeout", microseconds, "-allowed_media_types", "video", "-buffer_size", buffer],
            (EndpointKind.Rtsp, _) => ["-f", "rtsp", "-rtsp_transport", "tcp", "-timeout", microseconds, "-allowed_media_types", "video"],
            (EndpointKind.Rtmp, _) => ["-rw_timeout", microseconds, "-rtmp_live", "live"],
            (EndpointKind.Srt, _) =>
                ["-f", "mpegts", "-timeout", microseconds, "-connect_timeout", timeout.ToString(CultureInfo.InvariantCulture)],
            (EndpointKind.Hls, _) => ["-f", "hls", "-rw_timeout", microseconds],
            (_, "udp") => ["-f", "mpegts", "-timeout", microseconds, "-overrun_nonfatal", "1", "-buffer_size", buffer],
            _ => ["-f", "mpegts", "-rw_timeout", microseconds],
        };
    }
}
