using FaceAnonStream.Frames;
using FaceAnonStream.Live;

namespace FaceAnonStream.Media.Live;

/// <summary>
/// The frames of a live source for a stream's whole life: one connection after the other, all of one format on one time line
/// that goes with the wall clock. A connection that ends, stalls or breaks is made again until the stream is ended.
/// <para>While the source is away it gives slates from the moment of the loss on, so that nothing stale stays on the screen
/// and what the look-aheads hold is pushed out. With <see cref="SourceAwayPolicy.End"/> it stops that after
/// <see cref="LiveOptions.MaxLatencyMs"/>, when whatever was inside has left: the output can be ended then.</para>
/// </summary>
public sealed class LiveSource : IVideoSource
{
    private static readonly TimeSpan SlateInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A connection that lived so long was a good one: the next wait is a short one again.</summary>
    private static readonly TimeSpan GoodLife = TimeSpan.FromSeconds(5);

    private readonly LiveInput _input;
    private readonly LiveOptions _live;
    private readonly MediaOptions _media;
    private readonly IStreamEvents _events;
    private readonly TimeProvider _time;
    private readonly LiveEntrance _entrance;
    private readonly Backoff _backoff;
    private readonly CancellationToken _ending;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _pump;
    private long? _awaySince;
    private long? _slateAt;

    private LiveSource(
        LiveInput input, LiveEntrance entrance, LiveOptions live, MediaOptions media, IStreamEvents events, TimeProvider time, CancellationToken ending)
    {
        _input = input;
        _entrance = entrance;
        _live = live;
        _media = media;
        _events = events;
        _time = time;
        _ending = ending;
        _backoff = Backoff.Between(live);
        _pump = Task.Run(PumpAsync, CancellationToken.None);
    }

    public FrameFormat Format => _input.Format;

    public Rational TimeBase => LiveClock.TimeBase;

    /// <summary>Starts to connect, and goes on until disposed.</summary>
    /// <param name="input">What <see cref="LiveProbe"/> found.</param>
    /// <param name="pool">Gives the memory for frames of <paramref name="input"/>'s format. Borrowed.</param>
    /// <param name="gate">Says which frames come in, slates too; whoever consumes a frame tells it. Borrowed.</param>
    /// <param name="live">Timeouts, waits, and what is shown while the source is away.</param>
    /// <param name="media">Programs.</param>
    /// <param name="events">Told of connections and drops.</param>
    /// <param name="time">Times everything.</param>
    /// <param name="ending">Ends the stream: the decoder is asked to stop, and what was let in can still be read.</param>
    public static LiveSource Open(
        LiveInput input,
        FramePool pool,
        LatencyGate gate,
        LiveOptions live,
        MediaOptions media,
        IStreamEvents events,
        TimeProvider time,
        CancellationToken ending)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(live);
        ArgumentNullException.ThrowIfNull(media);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(time);
        if (pool.Format != input.Format)
        {
            throw new ArgumentException("frames of another format than the input's", nameof(pool));
        }

        return new LiveSource(input, new LiveEntrance(pool, gate, live.SlateColor, events, time), live, media, events, time, ending);
    }

    /// <summary>The next frame that was let in, which the caller now owns; null when the stream was ended and all is read.</summary>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Node"/>: ffmpeg is missing.</exception>
    public async ValueTask<VideoFrame?> ReadAsync(CancellationToken ct)
    {
        while (await _entrance.Queue.WaitToReadAsync(ct).ConfigureAwait(false))
        {
            if (_entrance.Queue.TryRead(out var frame))
            {
                return frame;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        while (_entrance.Queue.TryRead(out var frame))
        {
            frame.Dispose();
        }

        _closing.Dispose();
    }

    private async Task PumpAsync()
    {
        Exception? fault = null;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending, _closing.Token);
            while (!either.IsCancellationRequested)
            {
                await ConnectOnceAsync().ConfigureAwait(false);
                await CoverAsync(Task.Delay(_backoff.Next(), _time, either.Token)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Nobody waits for more.
        }
        catch (Exception exception)
        {
            // Whatever it is, it belongs to the one who reads.
            fault = exception;
        }

        _entrance.Close(fault);
    }

    private async Task ConnectOnceAsync()
    {
        _events.Changed(StreamEnd.Source, EndState.Connecting, null);
        string reason;
        long? upSince = null;
        await using (var connection = SourceConnection.Open(_input, _live, _media, _time, _ending, _closing.Token))
        {
            try
            {
                var next = connection.NextAsync();
                await CoverAsync(next).ConfigureAwait(false);
                while (await next.ConfigureAwait(false) is { } picture)
                {
                    if (upSince is null)
                    {
                        upSince = _time.GetTimestamp();
                        (_awaySince, _slateAt) = (null, null);
                        _events.Changed(StreamEnd.Source, EndState.Up, null);
                    }

                    await _entrance.TakeAsync(picture, connection.ReadAsync).ConfigureAwait(false);
                    next = connection.NextAsync();
                }

                reason = await connection.ReasonAsync().ConfigureAwait(false);
            }
            catch (ConnectionLostException lost)
            {
                reason = lost.Message;
            }

            if (_ending.IsCancellationRequested)
            {
                return;
            }

            // Before the decoder is gone for good: that may take a while.
            _entrance.Interrupt();
            _awaySince ??= _time.GetTimestamp();
            _events.Changed(StreamEnd.Source, EndState.Away, reason);
            ShowSlate();
        }

        if (upSince is { } since && _time.GetElapsedTime(since) >= GoodLife)
        {
            _backoff.Reset();
        }
    }

    /// <summary>Gives slates, if the source is away, until something happens.</summary>
    private async Task CoverAsync(Task happens)
    {
        while (!happens.IsCompleted && ShowsSlates)
        {
            ShowSlate();
            await Task.WhenAny(happens, Task.Delay(SlateInterval, _time, CancellationToken.None)).ConfigureAwait(false);
        }

        await happens.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool ShowsSlates =>
        _awaySince is { } since
        && (_live.WhenAway == SourceAwayPolicy.Slate || _time.GetElapsedTime(since).TotalMilliseconds <= _live.MaxLatencyMs);

    /// <summary>Attempts that fail fast must not make slates more frequent.</summary>
    private void ShowSlate()
    {
        if (ShowsSlates && (_slateAt is not { } last || _time.GetElapsedTime(last) >= SlateInterval / 2))
        {
            _slateAt = _time.GetTimestamp();
            _entrance.TakeSlate();
        }
    }
}
