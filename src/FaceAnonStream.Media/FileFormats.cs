using FaceAnonStream.Faults;

namespace FaceAnonStream.Media;

/// <summary>An output container.</summary>
/// <param name="Muxer">ffmpeg's name of the muxer.</param>
/// <param name="SubtitleCodecs">Text subtitles that it takes as they are; pictures of text could show anything.</param>
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

    /// <summary>Words in the names of encoders whose output WebM takes.</summary>
    private static readonly string[] WebmEncoders = ["vp8", "vp9", "vpx", "av1"];

    private static readonly Dictionary<string, Container> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mp4"] = new("mp4", ["mov_text"], KeepsTimeBase: true),
        [".m4v"] = new("mp4", ["mov_text"], KeepsTimeBase: true),
        [".mov"] = new("mov", ["mov_text"], KeepsTimeBase: true),
        [".mkv"] = new("matroska", ["subrip", "ass", "webvtt"], KeepsTimeBase: false),
        [".webm"] = new("webm", ["webvtt"], KeepsTimeBase: false),
        [".ts"] = new("mpegts", [], KeepsTimeBase: false),
    };

    /// <summary>The container that an output's name asks for.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: no such container, or it does not
    /// take what the encoder makes.</exception>
    public static Container ForOutput(string path, string videoCodec)
    {
        ArgumentNullException.ThrowIfNull(videoCodec);
        if (!ByExtension.TryGetValue(Path.GetExtension(path), out var container))
        {
            throw new FaultException(
                FaultOrigin.Configuration, $"{path}: the output's name must end in {string.Join(", ", ByExtension.Keys)}");
        }

        if (container.Muxer == "webm" && !WebmEncoders.Any(word => videoCodec.Contains(word, StringComparison.Ordinal)))
        {
            throw new FaultException(
                FaultOrigin.Configuration, $"{path}: WebM does not take what {videoCodec} makes; try --video-codec libvpx-vp9");
        }

        return container;
    }

    /// <summary>Whether a file's name ends as those that <see cref="ForOutput"/> takes.</summary>
    public static bool IsOutput(string path) => ByExtension.ContainsKey(Path.GetExtension(path));

    /// <summary>A local path that ffmpeg cannot mistake for another protocol or an option.</summary>
    public static string Url(string path) => "file:" + path;
}
