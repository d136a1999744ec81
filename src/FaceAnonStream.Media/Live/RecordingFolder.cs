using System.Globalization;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Files;

namespace FaceAnonStream.Media.Live;

/// <summary>
/// A folder that gets one recording after the other. Each grows under a hidden name and gets its own when it is complete.
/// </summary>
internal sealed class RecordingFolder : ILiveTarget
{
    private readonly string _folder;
    private readonly LiveOptions _options;
    private readonly TimeProvider _time;

    public RecordingFolder(string folder, LiveOptions options, TimeProvider time)
    {
        _folder = Path.GetFullPath(folder);
        _options = options;
        _time = time;
    }

    public bool IsLocal => true;

    public TimeSpan? KeyframeInterval => TimeSpan.FromSeconds(_options.RecordSegmentSeconds);

    public ITargetSession Begin()
    {
        Directory.CreateDirectory(_folder);

        // Whoever holds it is writing here: then hidden files are no leftovers, and names could meet.
        var claim = new FileStream(Path.Combine(_folder, ".faceanon.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            RecoverLeftovers();
            DeleteExpired();
            return new Session(this, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    public string Scrub(string text) => text;

    /// <summary>Gives what an encoder could not finish a name that says so.</summary>
    private void RecoverLeftovers()
    {
        foreach (var path in Directory.EnumerateFiles(_folder, ".*").ToArray())
        {
            if (RecordingName.Begin(Path.GetFileName(path), File.GetLastWriteTimeUtc(path)) is not { } begin)
            {
                continue;
            }

            Attempt(() =>
            {
                // A full disk leaves such files again and again.
                if (new FileInfo(path).Length == 0)
                {
                    File.Delete(path);
                }
                else
                {
                    Rename(path, begin, isComplete: false);
                }
            });
        }
    }

    private void DeleteExpired()
    {
        if (_options.RecordKeepHours == 0)
        {
            return;
        }

        var oldest = _time.GetUtcNow() - TimeSpan.FromHours(_options.RecordKeepHours);
        foreach (var path in Directory.EnumerateFiles(_folder).ToArray())
        {
            if (RecordingName.Parse(Path.GetFileName(path)) is { } begin && begin < oldest)
            {
                Attempt(() => File.Delete(path));
            }
        }
    }

    /// <summary>What cannot be done to one old file must not end all recording. It is tried again with the next one.</summary>
    private static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or held by somebody: it stays as it is.
        }
    }

    private void Rename(string path, DateTimeOffset begin, bool isComplete)
    {
        TemporaryFile.FlushToDisk(path);
        for (var again = 0; ; again++)
        {
            var name = Path.Combine(_folder, RecordingName.Of(begin, again, isComplete));
            if (!File.Exists(name))
            {
                File.Move(path, name, overwrite: false);
                return;
            }
        }
    }

    private sealed class Session : ITargetSession
    {
        private readonly RecordingFolder _target;
        private readonly FileStream _claim;
        private (string File, DateTimeOffset Begin)? _finished;
        private DateTimeOffset _lastEnd;

        public Session(RecordingFolder target, FileStream claim)
        {
            _target = target;
            _claim = claim;
            var seconds = target._options.RecordSegmentSeconds;
            Arguments =
            [
                "-protocol_whitelist", "file,pipe", "-f", "segment",
                "-segment_time", seconds.ToString(CultureInfo.InvariantCulture), "-reset_timestamps", "1",

                // A file that is never finished loses no more than its last cluster.
                "-segment_format", "matroska", "-segment_format_options", "cluster_time_limit=1000",
                "-segment_list", "pipe:1", "-segment_list_type", "csv",
                RecordingName.HiddenPattern(target._time.GetUtcNow(), seconds),
            ];
        }

        public IReadOnlyList<string> Arguments { get; }

        public string Folder => _target._folder;

        public void Hear(string line)
        {
            Check();
            if (line.Split(',') is [var file, var start, var end] && Seconds(start) is { } from && Seconds(end) is { } to && RecordingName.IsHidden(file))
            {
                // By the clock as it is now: it may have been set since the encoder began. Recordings do not overlap.
                var duration = TimeSpan.FromSeconds(Math.Max(0, to - from));
                var begin = _target._time.GetUtcNow() - duration;
                begin = begin > _lastEnd ? begin : _lastEnd;
                _lastEnd = begin + duration;
                _finished = (file, begin);
            }
        }

        public string? Check()
        {
            // ffmpeg also lists a file whose end did not fit on the disk; but then it begins no other.
            if (_finished is { } finished && File.Exists(Path.Combine(Folder, RecordingName.Next(finished.File))))
            {
                Publish();
            }

            return null;
        }

        public void End(bool isComplete)
        {
            using (_claim)
            {
                if (isComplete)
                {
                    Publish();
                }

                _target.RecoverLeftovers();
            }
        }

        private static double? Seconds(string text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < int.MaxValue ? seconds : null;

        private void Publish()
        {
            if (_finished is var (file, begin))
            {
                _finished = null;
                _target.Rename(Path.Combine(Folder, file), begin, isComplete: true);
                _target.DeleteExpired();
            }
        }
    }
}
