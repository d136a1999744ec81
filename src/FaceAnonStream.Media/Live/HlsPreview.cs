using System.Security.Cryptography;
using System.Text.RegularExpressions;
using FaceAnonStream.Live;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Media.Live;

/// <summary>
/// A small HLS rendition of frames that go elsewhere, made only while somebody watches: opening one of its files starts
/// it, and it stops when none was opened for a while. It takes some ten frames a second, and none while its encoder is
/// busy. Its files lie in a private folder that comes with the first who watches and goes with it.
/// </summary>
public sealed partial class HlsPreview : IFrameTap, IAsyncDisposable
{
    /// <summary>How long it goes on after a file was opened.</summary>
    public static readonly TimeSpan WatchTime = TimeSpan.FromSeconds(20);

    private const string Playlist = "index.m3u8";
    private const int MaxWidth = 640;
    private static readonly TimeSpan Segment = TimeSpan.FromSeconds(1);

    /// <summary>A little less than a tenth of a second: rates that divide by ten are met.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(95);

    private readonly Lock _folderGate = new();
    private readonly HlsFolder _target;
    private readonly ReconnectingOutput _output;
    private readonly TimeProvider _time;
    private readonly int _pictureBytes;
    private byte[]? _picture;
    private long _watchedAt = long.MinValue;
    private long _takenAt = long.MinValue;
    private bool _isClosed;
    private bool _isRunning;
    private int _isBusy;
    private Task _work = Task.CompletedTask;

    /// <param name="output">The frames that will be offered; only its target is not looked at.</param>
    /// <param name="time">Times waits and watching.</param>
    public HlsPreview(LiveOutput output, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(output);
        _time = time;
        _pictureBytes = output.Format.SizeBytes;
        Folder = Path.Combine(Path.GetTempPath(), "faceanon-preview-" + RandomNumberGenerator.GetHexString(32, lowercase: true));
        _target = new HlsFolder(Path.Combine(Folder, Playlist), Segment, time);
        var pictures = output.Pictures;
        _output = new ReconnectingOutput(
            new EncoderStart(_target, pictures, output.Media, session => LiveArguments.ForPreview(pictures, Segment, MaxWidth, session)),
            output.Live,
            changed: (_, _) => { },
            time);
    }

    /// <summary>Where its files lie.</summary>
    internal string Folder { get; }

    private bool IsWatched => Volatile.Read(ref _watchedAt) is not long.MinValue and var at && _time.GetElapsedTime(at) < WatchTime;

    /// <summary>Opens a file of the rendition and so goes on making it: <c>index.m3u8</c>, or what that names.</summary>
    /// <returns>The content, which the caller disposes; null when there is no such file (yet), or no place for it: the stream
    /// goes on without a preview then, and the next call tries again.</returns>
    public Stream? Open(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        if (!Served().IsMatch(fileName) || !TryMakeFolder())
        {
            return null;
        }

        Volatile.Write(ref _watchedAt, _time.GetTimestamp());
        try
        {
            return new FileStream(Path.Combine(Folder, fileName), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Offer(AnonymizedFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var watched = IsWatched;
        if ((!watched && !_isRunning) || Interlocked.CompareExchange(ref _isBusy, 1, 0) != 0)
        {
            return;
        }

        if (!watched)
        {
            _isRunning = false;
            _work = Task.Run(StopAsync);
        }
        else if (_takenAt == long.MinValue || _time.GetElapsedTime(_takenAt) >= Interval)
        {
            _takenAt = _time.GetTimestamp();
            _isRunning = true;
            _picture ??= new byte[_pictureBytes];
            frame.Memory.CopyTo(_picture);
            var pts = frame.Pts;
            _work = Task.Run(() => WriteAsync(pts));
        }
        else
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <summary>Ends the encoder and deletes the folder. Nothing may be offered any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _output.DisposeAsync().ConfigureAwait(false);
        lock (_folderGate)
        {
            _isClosed = true;
            if (Directory.Exists(Folder))
            {
                Directory.Delete(Folder, recursive: true);
            }
        }
    }

    private bool TryMakeFolder()
    {
        lock (_folderGate)
        {
            if (_isClosed)
            {
                return false;
            }

            try
            {
                Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private async Task WriteAsync(long pts)
    {
        try
        {
            await _output.WriteAsync(pts, _picture, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private async Task StopAsync()
    {
        try
        {
            await _output.EndAsync(CancellationToken.None).ConfigureAwait(false);

            // Who comes back must not see what was.
            _target.DeleteAll();
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    [GeneratedRegex(@"\Aindex(\.m3u8|-init-[0-9]{1,19}\.mp4|-[0-9]{1,19}\.m4s)\z")]
    private static partial Regex Served();
}
