using System.Globalization;
using System.Text.RegularExpressions;

namespace FaceAnonStream.Media.Live;

/// <summary>An HLS playlist and its fragmented-MP4 segments in a local folder: a window that slides along.</summary>
internal sealed partial class HlsFolder : ILiveTarget
{
    /// <summary>Segments that the playlist names, and how many more stay for viewers with an older playlist.</summary>
    public const int WindowSegments = 6;

    public const int SpareSegments = 3;

    /// <summary>What is asked of the disk before an encoder starts: ffmpeg goes on in silence when it is full.</summary>
    private const int ProbeBytes = 64 << 10;

    private static readonly DateTimeOffset NumberingStart = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder;
    private readonly string _playlist;
    private readonly string _stem;
    private readonly TimeSpan _segment;
    private readonly TimeProvider _time;
    private readonly Regex _ours;

    /// <param name="playlistPath">Ends in .m3u8. Its folder is made where it is missing.</param>
    /// <param name="segment">Length of a segment.</param>
    /// <param name="time">Numbers segments.</param>
    public HlsFolder(string playlistPath, TimeSpan segment, TimeProvider time)
    {
        var path = Path.GetFullPath(playlistPath);
        _folder = Path.GetDirectoryName(path)!;
        _playlist = Path.GetFileName(path);

        // The segments' names are a pattern of ffmpeg's.
        _stem = Unsafe().Replace(Path.GetFileNameWithoutExtension(path), "_");
        _segment = segment;
        _time = time;
        _ours = new Regex($@"^({Regex.Escape(_stem)}-(\d+\.m4s|init-\d+\.mp4)|{Regex.Escape(_playlist)})(\.tmp)?$");
    }

    public bool IsLocal => true;

    public TimeSpan? KeyframeInterval => _segment;

    public ITargetSession Begin()
    {
        Directory.CreateDirectory(_folder);
        DeleteAll();
        ProbeDisk();

        // Names and numbers never come again, whatever caches and players remember of an earlier encoder: no segment is
        // shorter than half a second.
        var number = (long)((_time.GetUtcNow() - NumberingStart).TotalSeconds * 2);
        return new Session(this, number);
    }

    public string Scrub(string text) => text;

    /// <summary>Deletes what encoders have left.</summary>
    public void DeleteAll()
    {
        foreach (var path in Directory.EnumerateFiles(_folder).Where(path => _ours.IsMatch(Path.GetFileName(path))))
        {
            File.Delete(path);
        }
    }

    private void ProbeDisk()
    {
        var path = Path.Combine(_folder, $"{_playlist}.tmp");
        try
        {
            File.WriteAllBytes(path, new byte[ProbeBytes]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex Unsafe();

    private sealed class Session(HlsFolder target, long number) : ITargetSession
    {
        public IReadOnlyList<string> Arguments { get; } =
        [
            "-protocol_whitelist", "file,pipe", "-f", "hls", "-hls_segment_type", "fmp4",
            "-hls_time", target._segment.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            "-hls_list_size", WindowSegments.ToString(CultureInfo.InvariantCulture),
            "-hls_delete_threshold", SpareSegments.ToString(CultureInfo.InvariantCulture),
            "-start_number", number.ToString(CultureInfo.InvariantCulture),
            "-hls_flags", "delete_segments+independent_segments+temp_file+discont_start+program_date_time",
            "-hls_fmp4_init_filename", string.Create(CultureInfo.InvariantCulture, $"{target._stem}-init-{number}.mp4"),
            "-hls_segment_filename", $"{target._stem}-%d.m4s", FileFormats.Url(target._playlist),
        ];

        public string Folder => target._folder;

        public void Hear(string line)
        {
        }

        public string? Check()
        {
            var playlist = new FileInfo(Path.Combine(target._folder, target._playlist));
            return playlist is { Exists: true, Length: 0 } ? $"{playlist.FullName}: came out empty; is the disk full?" : null;
        }

        public void End(bool isComplete)
        {
        }
    }
}
