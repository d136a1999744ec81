using FaceAnonStream.Faults;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Processes;

namespace FaceAnonStream.Media.Live;

/// <summary>One encoder and what it writes to, from its start to its end. One writer.</summary>
internal sealed class LiveConnection : IAsyncDisposable
{
    /// <summary>How long an encoder that reads no more may take to end its files and say why.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(0.5);

    private readonly ChildProcess _encoder;
    private readonly PictureFeed _feed;
    private readonly ITargetSession _session;
    private readonly Func<string, string> _scrub;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _report;
    private volatile string? _problem;
    private bool _endedWell;

    /// <param name="encoder">Taken over.</param>
    /// <param name="session">What it writes. Taken over: ended with this.</param>
    /// <param name="pictures">What will be written.</param>
    /// <param name="scrub">Removes secrets from what the encoder says.</param>
    /// <param name="time">Times waits.</param>
    public LiveConnection(ChildProcess encoder, ITargetSession session, PictureStream pictures, Func<string, string> scrub, TimeProvider time)
    {
        _encoder = encoder;
        _session = session;
        _scrub = scrub;
        _time = time;
        _feed = new PictureFeed(encoder.OpenPictureInput(), pictures);
        _report = ReadReportAsync();
    }

    /// <summary>Writes the first picture and waits until the output is open.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: it is not, and will not be.</exception>
    public async Task OpenAsync(long pts, ReadOnlyMemory<byte> picture, TimeSpan timeout)
    {
        var begin = _time.GetTimestamp();
        var refusal = $"no connection within {timeout.TotalMilliseconds:0} ms";
        await WriteAsync(pts, picture, timeout, refusal, CancellationToken.None).ConfigureAwait(false);
        try
        {
            var left = timeout - _time.GetElapsedTime(begin);
            await _opened.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            _encoder.Kill();
            throw Lost(refusal, exception);
        }
        catch (IOException exception)
        {
            throw await FailureAsync(exception).ConfigureAwait(false);
        }
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="pts">Its time.</param>
    /// <param name="picture">Its planes.</param>
    /// <param name="patience">How long the encoder may take none.</param>
    /// <param name="ct">Gives up, and ends the encoder.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: the connection is lost.</exception>
    public ValueTask WriteAsync(long pts, ReadOnlyMemory<byte> picture, TimeSpan patience, CancellationToken ct) =>
        WriteAsync(pts, picture, patience, $"took no picture for {patience.TotalMilliseconds:0} ms", ct);

    /// <summary>Ends the output as it should end; by force when that takes longer than the grace.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: it did not end well.</exception>
    public async Task FinishAsync(TimeSpan grace)
    {
        using var patience = new CancellationTokenSource(grace, _time);
        try
        {
            await _feed.FinishAsync(patience.Token).ConfigureAwait(false);
            var exitCode = await _encoder.ExitAsync(patience.Token).ConfigureAwait(false);
            await _report.WaitAsync(patience.Token).ConfigureAwait(false);
            _endedWell = exitCode == 0 && _problem is null;
        }
        catch (OperationCanceledException exception)
        {
            throw Lost($"did not end within {grace.TotalMilliseconds:0} ms", exception);
        }

        if (!_endedWell)
        {
            throw await FailureAsync(null).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the encoder at once: whoever waits for it learns of a lost connection.</summary>
    public void Kill() => _encoder.Kill();

    /// <summary>Ends the encoder at once, if it has not ended, and what it wrote.</summary>
    public async ValueTask DisposeAsync()
    {
        _encoder.Kill();
        await _feed.DisposeAsync().ConfigureAwait(false);
        await _report.ConfigureAwait(false);
        await _encoder.DisposeAsync().ConfigureAwait(false);
        Guarded(() => _session.End(_endedWell));
    }

    private async ValueTask WriteAsync(long pts, ReadOnlyMemory<byte> picture, TimeSpan patience, string stalled, CancellationToken ct)
    {
        using var stall = new CancellationTokenSource(patience, _time);
        await using var cancellation = ct.UnsafeRegister(static stall => ((CancellationTokenSource)stall!).Cancel(), stall).ConfigureAwait(false);
        try
        {
            await _feed.WriteAsync(pts, picture, stall.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            ct.ThrowIfCancellationRequested();
            throw Lost(stalled, exception);
        }
        catch (IOException exception)
        {
            throw await FailureAsync(exception).ConfigureAwait(false);
        }
    }

    private async Task ReadReportAsync()
    {
        await EncoderReport.ReadAsync(
            _encoder.Output,
            progressed: () =>
            {
                Guarded(() => _problem ??= _session.Check());
                if (_problem is not null)
                {
                    _encoder.Kill();
                }

                _opened.TrySetResult();
            },
            heard: line => Guarded(() => _session.Hear(line))).ConfigureAwait(false);

        // A good end also comes without a report between, when it comes soon.
        if (await _encoder.ExitAsync(CancellationToken.None).ConfigureAwait(false) == 0)
        {
            _opened.TrySetResult();
        }
        else
        {
            _opened.TrySetException(new IOException("the encoder ended"));
        }

        // Nobody need wait for it.
        _ = _opened.Task.Exception;
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problem ??= exception.Message;
        }
    }

    /// <summary>The encoder went away: its own words say why, unless we know better.</summary>
    private async ValueTask<FaultException> FailureAsync(IOException? cause)
    {
        using var patience = new CancellationTokenSource(LastWords, _time);
        await using var force = patience.Token.UnsafeRegister(static encoder => ((ChildProcess)encoder!).Kill(), _encoder).ConfigureAwait(false);
        var exitCode = await _encoder.ExitAsync(CancellationToken.None).ConfigureAwait(false);
        return Lost(_problem ?? _encoder.Reason(exitCode), cause);
    }

    private FaultException Lost(string reason, Exception? cause) => new(FaultOrigin.Sink, _scrub(reason), cause);
}
