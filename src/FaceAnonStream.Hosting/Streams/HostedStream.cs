using FaceAnonStream.Telemetry;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>A stream that a host knows, running or not. Commands wait for each other; a command to one stream never waits
/// for another stream.</summary>
internal sealed class HostedStream
{
    private readonly Task<ILiveStreamFactory> _factory;
    private readonly StreamHostOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _order = new();

    private Task _lastCommand;
    private volatile StreamRun? _run;
    private StreamTelemetry? _telemetry;
    private volatile bool _isGone;

    /// <param name="configuration">What it is asked to do.</param>
    /// <param name="origin">Who asked.</param>
    /// <param name="before">Every command waits for it: those whose place it takes have left.</param>
    /// <param name="factory">Makes it, once models are loaded.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="logger">Is told what happens.</param>
    public HostedStream(
        StreamConfiguration configuration,
        StreamOrigin origin,
        Task before,
        Task<ILiveStreamFactory> factory,
        StreamHostOptions options,
        TimeProvider time,
        ILogger logger)
    {
        Configuration = configuration;
        Origin = origin;
        _lastCommand = before;
        _factory = factory;
        _options = options;
        _time = time;
        _logger = logger;
    }

    public StreamConfiguration Configuration { get; }

    public StreamOrigin Origin { get; }

    public StreamStatus Status =>
        _run?.Status(Origin) ?? new StreamStatus(Configuration, Origin, StreamState.Stopped, null, 0, null, null);

    /// <summary>Does nothing where it runs already, or was removed meanwhile.</summary>
    public Task StartAsync() => InTurnAsync(() =>
    {
        if (!_isGone)
        {
            // Not before its first start: until then a stream whose place it takes may be shown under the same name.
            _telemetry ??= new StreamTelemetry(Configuration.Name, _time);
            _run ??= new StreamRun(Configuration, _telemetry, _factory, _options, _time, _logger);
        }

        return Task.CompletedTask;
    });

    /// <summary>Returns when it has ended, or was given up.</summary>
    public Task StopAsync() => InTurnAsync(async () =>
    {
        if (_run is { } run)
        {
            await run.DisposeAsync();
            _run = null;
        }
    });

    /// <summary>Ends it for good: it cannot be started again.</summary>
    public async Task RetireAsync()
    {
        _isGone = true;
        await StopAsync();
        _telemetry?.Dispose();
    }

    private Task InTurnAsync(Func<Task> command)
    {
        lock (_order)
        {
            return _lastCommand = AfterAsync(_lastCommand, command);
        }
    }

    private static async Task AfterAsync(Task previous, Func<Task> command)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await command();
    }
}
