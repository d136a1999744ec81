using FaceAnonStream.Faults;
using FaceAnonStream.Live;

namespace FaceAnonStream.Media.Live;

/// <summary>
/// Pictures to a target that may go away: an encoder that is lost is followed by another, and what comes in between is
/// left out. One writer; ending may be asked for from elsewhere.
/// </summary>
internal sealed class ReconnectingOutput : IAsyncDisposable
{
    private readonly ILiveTarget _target;
    private readonly EncoderStart _start;
    private readonly LiveOptions _live;
    private readonly Action<EndState, string?> _changed;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private LiveConnection? _connection;
    private byte[]? _first;
    private OutputClock _clock = new();
    private Task _opening = Task.CompletedTask;
    private Task _leaving = Task.CompletedTask;
    private long _connectedAt;
    private long? _lostAt;
    private TimeSpan _retryAfter;

    /// <param name="start">Starts encoders.</param>
    /// <param name="live">Limits and waits.</param>
    /// <param name="changed">Told what happens, from any thread.</param>
    /// <param name="time">Times waits.</param>
    public ReconnectingOutput(EncoderStart start, LiveOptions live, Action<EndState, string?> changed, TimeProvider time)
    {
        _start = start;
        _target = start.Target;
        _live = live;
        _changed = changed;
        _time = time;
        _backoff = Backoff.Between(live);
    }

    private TimeSpan Stall => TimeSpan.FromMilliseconds(_live.StallMs);

    /// <summary>Writes a picture, or leaves it out. Waits for a target that stalls, but for each connection only once.</summary>
    /// <returns>Whether it was given to an encoder.</returns>
    public async ValueTask<bool> WriteAsync(long pts, ReadOnlyMemory<byte> picture, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_opening.IsFaulted)
            {
                Leave();
            }

            if (_connection is null)
            {
                return MayConnect && await ConnectAsync(pts, picture, ct).ConfigureAwait(false);
            }

            return _opening.IsCompleted && await TryWriteAsync(_connection, pts, picture, ct).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the output as it should end. The next picture begins it anew.</summary>
    /// <returns>Whether there was one.</returns>
    public async ValueTask<bool> EndAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await _leaving.WaitAsync(ct).ConfigureAwait(false);
            if (_connection is not { } connection)
            {
                return false;
            }

            await FinishAsync(connection).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the encoder at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            Leave();
            await _leaving.ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool MayConnect => _leaving.IsCompleted && (_lostAt is not { } lostAt || _time.GetElapsedTime(lostAt) >= _retryAfter);

    private async ValueTask<bool> ConnectAsync(long pts, ReadOnlyMemory<byte> picture, CancellationToken ct)
    {
        _changed(EndState.Connecting, null);
        LiveConnection connection;
        try
        {
            connection = _start.Begin(_time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FaultException)
        {
            _changed(EndState.Away, _target.Scrub(exception.Message));
            WaitBeforeRetry();
            return false;
        }

        _connection = connection;
        _connectedAt = _time.GetTimestamp();
        _clock = new OutputClock();

        // The caller's memory is lent for this call only, and the encoder may take longer.
        _first ??= new byte[_start.Pictures.Format.SizeBytes];
        picture.CopyTo(_first);
        _opening = OpenAsync(connection, _clock.Next(pts));
        if (_target.IsLocal)
        {
            await _opening.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }

        return !_opening.IsFaulted;
    }

    private async Task OpenAsync(LiveConnection connection, long pts)
    {
        var timeout = _target.IsLocal ? Stall : TimeSpan.FromMilliseconds(_live.ConnectTimeoutMs);
        try
        {
            await connection.OpenAsync(pts, _first, timeout).ConfigureAwait(false);
            _changed(EndState.Up, null);
        }
        catch (FaultException fault)
        {
            // What was given up fails too, and nobody wants to know.
            if (ReferenceEquals(_connection, connection))
            {
                _changed(EndState.Away, fault.Message);
            }

            throw;
        }
    }

    private async ValueTask<bool> TryWriteAsync(LiveConnection connection, long pts, ReadOnlyMemory<byte> picture, CancellationToken ct)
    {
        try
        {
            await connection.WriteAsync(_clock.Next(pts), picture, Stall, ct).ConfigureAwait(false);
            return true;
        }
        catch (FaultException fault)
        {
            _changed(EndState.Away, fault.Message);
            Leave();
            return false;
        }
    }

    private async Task FinishAsync(LiveConnection connection)
    {
        var grace = TimeSpan.FromMilliseconds(_start.Media.StopGraceMs);
        try
        {
            await _opening.WaitAsync(grace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_opening.IsCompletedSuccessfully)
            {
                await connection.FinishAsync(grace).ConfigureAwait(false);
            }
        }
        catch (FaultException fault)
        {
            _changed(EndState.Away, fault.Message);
        }

        Leave();
        _backoff.Reset();
        _lostAt = null;
        await _leaving.ConfigureAwait(false);
    }

    /// <summary>Ends the encoder in the background.</summary>
    private void Leave()
    {
        if (_connection is not { } connection)
        {
            return;
        }

        _connection = null;
        _leaving = LeaveAsync(connection, _opening);
        _opening = Task.CompletedTask;

        // A connection that is accepted and lost at once is no better than one that is refused.
        if (_time.GetElapsedTime(_connectedAt) > TimeSpan.FromMilliseconds(_live.ConnectTimeoutMs + _live.RetryMaxMs))
        {
            _backoff.Reset();
        }

        WaitBeforeRetry();
    }

    private static async Task LeaveAsync(LiveConnection connection, Task opening)
    {
        await Task.Yield();
        connection.Kill();
        await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void WaitBeforeRetry()
    {
        _lostAt = _time.GetTimestamp();
        _retryAfter = _backoff.Next();
    }
}
