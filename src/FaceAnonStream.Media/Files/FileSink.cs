using FaceAnonStream.Faults;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Media.Processes;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Media.Files;

/// <summary>
/// A file that an ffmpeg child process encodes. It grows under a temporary name beside its place and gets its own name
/// only when complete.
/// </summary>
public sealed class FileSink : IVideoSink
{
    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly bool _overwrite;
    private readonly ChildProcess _encoder;
    private readonly PictureFeed _feed;
    private readonly Task<long?> _encodedFrames;
    private long _frames;

    private FileSink(PictureStream pictures, string path, string temporaryPath, bool overwrite, ChildProcess encoder)
    {
        _path = path;
        _temporaryPath = temporaryPath;
        _overwrite = overwrite;
        _encoder = encoder;
        _encodedFrames = EncoderProgress.ReadFrameCountAsync(encoder.Output);
        _feed = new PictureFeed(encoder.OpenPictureInput(), pictures);
    }

    /// <summary>Starts encoding the anonymised pictures of a file.</summary>
    /// <param name="input">The file whose pictures are anonymised; copied streams come straight from it.</param>
    /// <param name="companions">Which streams are copied.</param>
    /// <param name="container">What <see cref="FileFormats.ForOutput"/> says of <paramref name="path"/>.</param>
    /// <param name="path">The output's final name.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="options">Encoder and programs.</param>
    /// <param name="time">Times the grace of a stopping process.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: the folder cannot be written to.</exception>
    public static FileSink Create(
        MediaInput input, CompanionStreams companions, Container container, string path, bool overwrite, MediaOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Create(input.Video.Pictures, input.Path, companions, container, path, overwrite, options, time);
    }

    /// <summary>Starts encoding pictures that come from no file.</summary>
    /// <inheritdoc cref="Create(MediaInput, CompanionStreams, Container, string, bool, MediaOptions, TimeProvider)"/>
    /// <param name="pictures">What will be written.</param>
    public static FileSink Create(PictureStream pictures, Container container, string path, bool overwrite, MediaOptions options, TimeProvider time) =>
        Create(pictures, "", new CompanionStreams([], []), container, path, overwrite, options, time);

    public ValueTask WriteAsync(AnonymizedFrame frame, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return WriteAsync(frame, frame.Pts, ct);
    }

    /// <summary>Writes a frame as if it had another time.</summary>
    internal async ValueTask WriteAsync(AnonymizedFrame frame, long pts, CancellationToken ct)
    {
        try
        {
            await _feed.WriteAsync(pts, frame.Memory, ct).ConfigureAwait(false);
            _frames++;
        }
        catch (IOException exception)
        {
            // The encoder went away: its own words say why.
            throw await FailureAsync(exception, ct).ConfigureAwait(false);
        }
    }

    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        try
        {
            await _feed.FinishAsync(ct).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw await FailureAsync(exception, ct).ConfigureAwait(false);
        }

        if (await _encoder.ExitAsync(ct).ConfigureAwait(false) != 0)
        {
            throw await FailureAsync(null, ct).ConfigureAwait(false);
        }

        if (await _encodedFrames.WaitAsync(ct).ConfigureAwait(false) is var encoded && encoded != _frames)
        {
            throw new FaultException(FaultOrigin.Sink, $"{_path}: the encoder wrote {encoded ?? 0} of {_frames} frames");
        }

        TemporaryFile.Publish(_temporaryPath, _path, _overwrite);
    }

    /// <summary>Stops the encoder; what is not complete is deleted.</summary>
    public async ValueTask DisposeAsync()
    {
        // Without its end the encoder would wait for more; it has nothing left to say that anyone needs.
        await _encoder.StopAsync().ConfigureAwait(false);
        await _feed.DisposeAsync().ConfigureAwait(false);
        await _encoder.DisposeAsync().ConfigureAwait(false);
        File.Delete(_temporaryPath);
    }

    private static FileSink Create(
        PictureStream pictures, string originalPath, CompanionStreams companions, Container container, string path, bool overwrite, MediaOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var temporaryPath = TemporaryFile.CreateBeside(path);
        try
        {
            return ChildProcess.Start(
                options.Ffmpeg,
                EncoderArguments.For(pictures, originalPath, companions, container, options, temporaryPath),
                TimeSpan.FromMilliseconds(options.StopGraceMs),
                time,
                encoder => new FileSink(pictures, path, temporaryPath, overwrite, encoder));
        }
        catch
        {
            File.Delete(temporaryPath);
            throw;
        }
    }

    private async ValueTask<FaultException> FailureAsync(IOException? cause, CancellationToken ct)
    {
        var exitCode = await _encoder.ExitAsync(ct).ConfigureAwait(false);
        var reason = _encoder.Reason(exitCode).Replace(FileFormats.Url(_temporaryPath), _path, StringComparison.Ordinal);
        return new FaultException(FaultOrigin.Sink, $"{_path}: encoding failed after {_frames} frames: {reason}", cause);
    }
}
