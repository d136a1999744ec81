using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Media.Nut;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Media.Processes;

namespace FaceAnonStream.Media.Files;

/// <summary>The decoded pictures of a file, from an ffmpeg child process through a pipe.</summary>
public sealed class FileSource : IVideoSource
{
    private readonly MediaInput _input;
    private readonly FramePool _pool;
    private readonly ChildProcess _decoder;
    private readonly Stream _pictures;
    private readonly PictureReader _reader;
    private long _nextIndex;

    private FileSource(MediaInput input, FramePool pool, ChildProcess decoder)
    {
        _input = input;
        _pool = pool;
        _decoder = decoder;
        _pictures = decoder.OpenPictureOutput();
        _reader = new PictureReader(_pictures, input.Video.Format, input.Path);
    }

    public FrameFormat Format => _input.Video.Format;

    public Rational TimeBase => _input.Video.TimeBase;

    /// <summary>Starts decoding.</summary>
    /// <param name="input">What <see cref="MediaProbe"/> found.</param>
    /// <param name="pool">Gives the memory for frames of <paramref name="input"/>'s format. Borrowed.</param>
    /// <param name="options">Programs and policies.</param>
    /// <param name="time">Times the grace of a stopping process.</param>
    public static FileSource Open(MediaInput input, FramePool pool, MediaOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        return ChildProcess.Start(
            options.Ffmpeg,
            DecoderArguments.For(input, options.OnDecodeError),
            TimeSpan.FromMilliseconds(options.StopGraceMs),
            time,
            decoder =>
            {
                decoder.Input.Close();
                return new FileSource(input, pool, decoder);
            });
    }

    public async ValueTask<VideoFrame?> ReadAsync(CancellationToken ct)
    {
        try
        {
            if (await _reader.ReadPacketAsync(ct).ConfigureAwait(false) is not { } packet)
            {
                await FinishAsync(ct).ConfigureAwait(false);
                return null;
            }

            return await ReadFrameAsync(packet.Pts, ct).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NutFormatException or IOException)
        {
            // The decoder's own words come first: an end in the middle only says that it died.
            if (exception is not NutFormatException { IsTruncation: false })
            {
                await ThrowIfFailedAsync(ct).ConfigureAwait(false);
            }

            throw new FaultException(FaultOrigin.Source, $"{_input.Path}: the decoder's output cannot be read: {exception.Message}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _pictures.DisposeAsync().ConfigureAwait(false);
        await _decoder.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<VideoFrame> ReadFrameAsync(long nutPts, CancellationToken ct)
    {
        var pts = NutTime.Rescale(nutPts, _reader.TimeBase, TimeBase) - _input.Video.PtsShift();
        var frame = await _pool.RentAsync(_nextIndex, pts, TimeBase, ct).ConfigureAwait(false);
        try
        {
            await _reader.ReadPictureAsync(frame.Memory, ct).ConfigureAwait(false);
        }
        catch
        {
            frame.Dispose();
            throw;
        }

        _nextIndex++;
        return frame;
    }

    private async ValueTask FinishAsync(CancellationToken ct)
    {
        await ThrowIfFailedAsync(ct).ConfigureAwait(false);
        if (_nextIndex == 0)
        {
            throw new FaultException(FaultOrigin.Source, $"{_input.Path}: not one picture could be decoded");
        }
    }

    private async ValueTask ThrowIfFailedAsync(CancellationToken ct)
    {
        // Nothing more is read: a decoder that still writes must not wait for us.
        await _pictures.DisposeAsync().ConfigureAwait(false);
        var exitCode = await _decoder.ExitAsync(ct).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new FaultException(
                FaultOrigin.Source,
                $"{_input.Path}: decoding failed after {_nextIndex} frames: {_decoder.Reason(exitCode)} (media.onDecodeError: conceal accepts damaged input)");
        }
    }
}
