using FaceAnonStream.Media.Nut;

namespace FaceAnonStream.Media.Files;

/// <summary>Raw pictures into an encoder's pipe, as NUT.</summary>
internal sealed class PictureFeed : IAsyncDisposable
{
    private readonly Stream _pipe;
    private readonly NutMuxer _muxer;
    private readonly long _ptsShift;
    private bool _headerWritten;

    /// <param name="pipe">Taken over.</param>
    /// <param name="pictures">What will be written.</param>
    public PictureFeed(Stream pipe, PictureStream pictures)
    {
        _pipe = pipe;
        _ptsShift = pictures.PtsShift;
        _muxer = new NutMuxer(
            pipe,
            [
                new NutStream(NutStreamClass.Video, NutFourCc.FromPixelFormat(pictures.Format.PixelFormat), pictures.TimeBase)
                {
                    Width = pictures.Format.Width,
                    Height = pictures.Format.Height,
                    SampleAspectRatio = pictures.SampleAspectRatio,
                    FrameRate = pictures.FrameRate,
                },
            ],

            // Nobody seeks in a pipe; periodic syncpoints would only make the reader's index grow with every frame.
            NutSyncpoints.AtStart);
    }

    /// <exception cref="IOException">The encoder went away.</exception>
    public async ValueTask WriteAsync(long pts, ReadOnlyMemory<byte> picture, CancellationToken ct)
    {
        if (!_headerWritten)
        {
            await _muxer.WriteHeaderAsync(ct).ConfigureAwait(false);
            _headerWritten = true;
        }

        await _muxer.WritePacketAsync(0, pts + _ptsShift, true, picture, ct).ConfigureAwait(false);
    }

    /// <summary>Closes the pipe: the encoder learns that there will be no more.</summary>
    /// <exception cref="IOException">The encoder went away.</exception>
    public async ValueTask FinishAsync(CancellationToken ct)
    {
        await _muxer.FinishAsync(ct).ConfigureAwait(false);
        await _pipe.DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _pipe.DisposeAsync();
}
