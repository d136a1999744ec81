using FaceAnonStream.Faults;
using FaceAnonStream.Live;
using FaceAnonStream.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>
/// Keeps one stream running from a start to a stop: what ends with an error is started anew. It holds all that belongs to
/// this one start, so that a stream which never ends can be given up without harm to its successor.
/// </summary>
internal sealed class StreamRun : IAsyncDisposable
{
    private readonly StreamConfiguration _configuration;
    private readonly StreamTelemetry _telemetry;
    private readonly Task<ILiveStreamFactory> _factory;
    private readonly StreamHostOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _cancelled = new();
    private readonly RunLog _log;
    private readonly Backoff _delay;
    private readonly Task _task;

    private volatile ILiveStream? _stream;
    private volatile StreamVitals? _last;
    private volatile string? _failure;
    private volatile string? _stuck;
    private long _restarts;

    /// <summary>Starts at once.</summary>
    /// <param name="configuration">What the stream is asked to do.</param>
    /// <param name="telemetry">Measures it, over all its starts. Borrowed.</param>
    /// <param name="factory">Makes it, once models are loaded.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="logger">Is told what happens.</param>
    public StreamRun(
        StreamConfiguration configuration,
        StreamTelemetry telemetry,
        Task<ILiveStreamFactory> factory,
        StreamHostOptions options,
        TimeProvider time,
        ILogger logger)
    {
        _configuration = configuration;
        _telemetry = telemetry;
        _factory = factory;
        _options = options;
        _time = time;
        _logger = logger;
        _log = new RunLog(configuration, options.RepeatLog, time, logger);
        _delay = new Backoff(options.RestartMin, options.RestartMax, Random.Shared);

        // On the pool: a stream that blocks where it should not must hold up nobody else.
        _task = Task.Run(SuperviseAsync);
    }

    /// <summary>How long no frame may leave while frames enter: longer than the stages may wait for a model or the output.</summary>
    private TimeSpan OutflowPatience => TimeSpan.FromMilliseconds(
        _configuration.Options.Live.MaxLatencyMs
            + Math.Max(_configuration.Options.Live.StallMs, 2 * _configuration.Options.Detect.TimeoutMs)) + _options.OutflowMargin;

    public IStreamPreview? Preview => Guarded(stream => stream.Preview);

    public StreamStatus Status(StreamOrigin origin)
    {
        var vitals = Guarded(stream => stream.Vitals) ?? _last;
        var (state, reason) = Judge(vitals);
        return new StreamStatus(
            _configuration, origin, state, reason is null ? null : Scrub(reason), Interlocked.Read(ref _restarts), vitals, Preview);
    }

    /// <summary>Ends the stream, cancels it when that takes too long, and gives it up when that does not help.</summary>
    public async ValueTask DisposeAsync()
    {
        // Whoever listens may block: on the pool, and not waited for beyond the grace.
        _ = Task.Run(_ending.Cancel);
        if (await EndsWithinAsync(TimeSpan.FromMilliseconds(_configuration.Options.Media.StopGraceMs) + _options.StopMargin))
        {
            _ending.Dispose();
            _cancelled.Dispose();
            return;
        }

        StreamHostLog.Cancelled(_logger, _configuration.Name);
        _ = Task.Run(_cancelled.Cancel);
        if (!await EndsWithinAsync(_options.StopMargin))
        {
            StreamHostLog.GivenUp(_logger, _configuration.Name);
        }
    }

    private Task<bool> EndsWithinAsync(TimeSpan grace) => EndsWithinAsync(_task, grace);

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan grace)
    {
        await task.WaitAsync(grace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompleted;
    }

    private async Task SuperviseAsync()
    {
        StreamHostLog.Starts(_logger, _configuration.Name, _configuration.Source.Shown, _configuration.Output.Shown);
        while (!_ending.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            await RunOnceAsync();
            if (_ending.IsCancellationRequested)
            {
                break;
            }

            if (_time.GetElapsedTime(began) > _options.RestartMax)
            {
                _delay.Reset();
            }

            var wait = _delay.Next();
            _log.Failed(_failure!, wait);
            await Task.Delay(wait, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_ending.IsCancellationRequested)
            {
                Interlocked.Increment(ref _restarts);
                _failure = null;
            }
        }

        StreamHostLog.Stopped(_logger, _configuration.Name);
    }

    /// <summary>Leaves in <see cref="_failure"/> why it ended, in one line without secrets.</summary>
    private async Task RunOnceAsync()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(_cancelled.Token);
        ILiveStream? stream = null;
        try
        {
            stream = (await _factory.WaitAsync(_ending.Token)).Create(_configuration, _telemetry);
            _stream = stream;
            var running = stream.RunAsync(_ending.Token, cancelled.Token);
            await WatchAsync(running, cancelled);
            await running;
            _failure = "it ended by itself";
        }
        catch (Exception exception)
        {
            // Whatever it was: a stream's defect is that stream's, and the next attempt may do.
            _failure = _stuck ?? (exception is OperationCanceledException ? "it was cancelled" : Describe(exception));
        }

        _stuck = null;
        _last = Guarded(running => running.Vitals) ?? _last;
        _stream = null;
        await PutAwayAsync(stream);
    }

    /// <summary>Returns when the run has ended. One in which nothing flows any more is cancelled: whatever holds the frames
    /// fast, it shows no picture, and a new start may.</summary>
    private async Task WatchAsync(Task running, CancellationTokenSource cancelled)
    {
        var watch = new OutflowWatch(OutflowPatience, _time);
        while (!await EndsWithinAsync(running, _options.OutflowPeriod))
        {
            _log.LookAhead(Guarded(stream => stream.Vitals)?.LookAheadMs);
            var numbers = _telemetry.Numbers;
            if (_stuck is null && watch.IsStuck(numbers.FramesIn, numbers.FramesOut + _telemetry.FramesDropped.SinkAway))
            {
                _stuck = FormattableString.Invariant($"no frame has left for {OutflowPatience.TotalSeconds:0} s although frames come in");
                StreamHostLog.Stuck(_logger, _configuration.Name, _stuck);

                // Whoever listens may block.
                _ = cancelled.CancelAsync();
            }
        }
    }

    private async Task PutAwayAsync(ILiveStream? stream)
    {
        try
        {
            if (stream is not null)
            {
                await Task.Run(async () => await stream.DisposeAsync()).WaitAsync(_options.StopMargin, _time);
            }
        }
        catch (Exception exception)
        {
            StreamHostLog.DisposalFailed(_logger, _configuration.Name, Describe(exception));
        }
    }

    private (StreamState State, string? Reason) Judge(StreamVitals? vitals)
    {
        if (_failure is { } failure)
        {
            return _ending.IsCancellationRequested ? (StreamState.Stopped, null) : (StreamState.Failed, failure);
        }

        if (_stream is null || vitals is null)
        {
            return (StreamState.Starting, _factory.IsCompleted ? null : "models are being loaded");
        }

        if (_stuck is { } stuck)
        {
            return (StreamState.Degraded, stuck);
        }

        if (vitals is { Problem: null, Source: EndState.Up, Sink: EndState.Up })
        {
            return (StreamState.Running, null);
        }

        var isNew = vitals is { Problem: null, FramesOut: 0, Source: not EndState.Away, Sink: not EndState.Away };
        return isNew
            ? (StreamState.Starting, vitals.Source == EndState.Up ? "the output is being connected" : "the source is being connected")
            : (StreamState.Degraded, vitals.Problem ?? (vitals.Source != EndState.Up ? "the source is away" : "the output is away"));
    }

    private string Describe(Exception exception) => Scrub(
        exception is FaultException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}");

    private string Scrub(string text) => OneLine.Clean(_configuration.Output.Scrub(_configuration.Source.Scrub(text)));

    /// <summary>What a running stream says of itself; null where it does not run, or cannot say.</summary>
    private T? Guarded<T>(Func<ILiveStream, T?> read)
        where T : class
    {
        try
        {
            return _stream is { } stream ? read(stream) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }
}
