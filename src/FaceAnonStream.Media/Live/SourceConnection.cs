using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Nut;
using FaceAnonStream.Media.Processes;

namespace FaceAnonStream.Media.Live;

/// <summary>A picture whose samples are to be read next.</summary>
/// <param name="Pts">Its time by the source's clock.</param>
/// <param name="TimeBase">Seconds per tick of that.</param>
internal readonly record struct ArrivingPicture(long Pts, Rational TimeBase);

/// <summary>The source did not stay: lost, mute, broken or over. Another connection may do better.</summary>
/// <param name="reason">In one line, without secrets.</param>
internal sealed class ConnectionLostException(string reason) : Exception(reason);

/// <summary>One connection to a live source: a decoding ffmpeg from its start to its end.</summary>
internal sealed class SourceConnection : IAsyncDisposable
{
    private readonly LiveInput _input;
    private readonly ChildProcess _decoder;
    private readonly Stream _pictures;
    private readonly PictureReader _reader;
    private readonly TimeSpan _connectTimeout;
    private readonly TimeSpan _stall;
    private readonly TimeProvider _time;
    private readonly CancellationToken _ct;
    private readonly CancellationTokenRegistration _ending;
    private Task _stopping = Task.CompletedTask;
    private bool _isUp;

    private SourceConnection(
        ChildProcess decoder, LiveInput input, LiveOptions live, TimeProvider time, CancellationToken ending, CancellationToken ct)
    {
        _decoder = decoder;
        _input = input;
        _connectTimeout = TimeSpan.FromMilliseconds(live.ConnectTimeoutMs);
        _stall = TimeSpan.FromMilliseconds(live.StallMs);
        _time = time;
        _ct = ct;
        _decoder.Input.Close();
        _pictures = _decoder.OpenPictureOutput();
        _reader = new PictureReader(_pictures, input.Format, input.Endpoint.Shown);

        // A decoder that is asked to stop gives what it has, then its output ends.
        _ending = ending.UnsafeRegister(static self => ((SourceConnection)self!).BeginStop(), this);
    }

    /// <summary>Starts the decoder.</summary>
    /// <param name="input">What is connected to.</param>
    /// <param name="live">Timeouts and transport.</param>
    /// <param name="media">Programs.</param>
    /// <param name="time">Times connecting and stalls.</param>
    /// <param name="ending">Stops the decoder gracefully: its output ends in good order.</param>
    /// <param name="ct">Ends the decoder at once.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Node"/>: ffmpeg is missing or cannot be served.</exception>
    public static SourceConnection Open(
        LiveInput input, LiveOptions live, MediaOptions media, TimeProvider time, CancellationToken ending, CancellationToken ct) =>
        ChildProcess.Start(
            media.Ffmpeg,
            LiveDecoderArguments.For(input, live),
            TimeSpan.FromMilliseconds(media.StopGraceMs),
            time,
            decoder => new SourceConnection(decoder, input, live, time, ending, ct));

    /// <summary>Waits for the next picture; null when the source ended in good order.</summary>
    /// <exception cref="ConnectionLostException">It will not come.</exception>
    public Task<ArrivingPicture?> NextAsync() => GuardAsync(
        async ct => await _reader.ReadPacketAsync(ct).ConfigureAwait(false) is { } packet
            ? new ArrivingPicture(packet.Pts, _reader.TimeBase)
            : (ArrivingPicture?)null);

    /// <summary>Reads the samples of the picture last announced.</summary>
    /// <exception cref="ConnectionLostException">They will not come.</exception>
    public async Task ReadAsync(Memory<byte> destination)
    {
        await GuardAsync(async ct =>
        {
            await _reader.ReadPictureAsync(destination, ct).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        _isUp = true;
    }

    /// <summary>Why the decoder's output ended.</summary>
    public async Task<string> ReasonAsync()
    {
        var exitCode = await ExitAsync().ConfigureAwait(false);

        // ffmpeg names the source where reading failed, and exits with 0 then. Other words may be about a picture long ago.
        return _decoder.ErrorLines.LastOrDefault(line => line.Contains(_input.Endpoint.Address, StringComparison.Ordinal)) is { } words
                ? _input.Endpoint.Reason(words)
            : PictureLimit.WasExceeded(_decoder.ErrorLines) ? _input.Limit.Reason
            : exitCode == 0 ? "the source ended the stream"
            : _input.Endpoint.Reason(_decoder.Reason(exitCode));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.DisposeAsync().ConfigureAwait(false);
        await _stopping.ConfigureAwait(false);
        await _pictures.DisposeAsync().ConfigureAwait(false);
        await _decoder.DisposeAsync().ConfigureAwait(false);
    }

    private void BeginStop() => _stopping = _decoder.StopAsync();

    /// <summary>The decoder's output has ended, so it is about to: it gets a while to say why.</summary>
    private async Task<int> ExitAsync()
    {
        using var grace = new CancellationTokenSource(_stall, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, _ct);
        try
        {
            return await _decoder.ExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_ct.IsCancellationRequested)
        {
            await _decoder.StopAsync().ConfigureAwait(false);
            return await _decoder.ExitAsync(_ct).ConfigureAwait(false);
        }
    }

    /// <summary>Gives an operation the time that it may take: what takes longer ends the decoder.</summary>
    private async Task<T> GuardAsync<T>(Func<CancellationToken, ValueTask<T>> operation)
    {
        var patience = _isUp ? _stall : _connectTimeout;
        using var timeout = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _ct);
        try
        {
            return await operation(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_ct.IsCancellationRequested)
        {
            throw new ConnectionLostException(
                PictureLimit.WasExceeded(_decoder.ErrorLines) ? _input.Limit.Reason : $"no picture for {patience.TotalMilliseconds:0} ms");
        }
        catch (Exception exception) when (exception is FaultException or NutFormatException { IsTruncation: false })
        {
            throw new ConnectionLostException(_input.Endpoint.Reason(exception.Message));
        }
        catch (Exception exception) when (exception is NutFormatException or IOException)
        {
            // The decoder's own words come first: an end in the middle only says that it died.
            throw new ConnectionLostException(await ReasonAsync().ConfigureAwait(false));
        }
    }
}
