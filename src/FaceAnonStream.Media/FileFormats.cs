using FaceAnonStream.Faults;

namespace FaceAnonStream.Media;

/// <summary>An output container.</summary>
/// <param name="Muxer">ffmpeg's name of the muxer.</param>
/// <param name="SubtitleCodecs">Subtitle codecs that it takes as they are.</param>
/// <param name="KeepsTimeBase">Whether the video track's time base can be set.</param>
public sealed record Container(string Muxer, IReadOnlyList<string> SubtitleCodecs, bool KeepsTimeBase);

/// <summary>Which files we read and write.</summary>
public static class FileFormats
{
    /// <summary>A file may not make ffmpeg open anything but files.</summary>
    public const string Protocols = "file,pipe";

    /// <summary>
    /// Demuxers that read one self-contained file. Playlists and scripts (hls, concat, image sequences, …) stay out: they
    /// make ffmpeg open whatever they name.
    /// </summary>
    public const string DemuxerWhitelist =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,live_flv,asf,ogg,mxf,nut,ivf,h264,hevc,av1,obu,"
        + "m4v,dv,gxf,rm,wtv,y4m,yuv4mpegpipe,gif,mjpeg,mp3,wav,flac,aac,ac3,eac3,srt,ass,webvtt";

    private static readonly Dictionary<string, Container> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mp4"] = new("mp4", ["mov_text"], KeepsTimeBase: true),
        [".m4v"] = new("mp4", ["mov_text"], KeepsTimeBase: true),
        [".mov"] = new("mov", ["mov_text"], KeepsTimeBase: true),
        [".mkv"] = new("matroska", ["subrip", "ass", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"], KeepsTimeBase: false),
        [".webm"] = new("webm", ["webvtt"], KeepsTimeBase: false),
        [".ts"] = new("mpegts", ["dvb_subtitle", "dvb_teletext"], KeepsTimeBase: false),
    };

    /// <summary>The container that an output's name asks for.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: no such container.</exception>
    public static Container ForOutput(string path) =>
        ByExtension.TryGetValue(Path.GetExtension(path), out var container)
            ? container
            : throw new FaultException(
                FaultOrigin.Configuration, $"{path}: the output's name must end in {string.Join(", ", ByExtension.Keys)}");

    /// <summary>A local path that ffmpeg cannot mistake for another protocol or an option.</summary>
    public static string Url(string path) => "file:" + path;
}
