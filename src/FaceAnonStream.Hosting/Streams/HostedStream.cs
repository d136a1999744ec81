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

    private Task _lastCommand = Task.CompletedTask;
    private volatile StreamRun? _run;
    private StreamTelemetry? _telemetry;
    private volatile bool _isGone;

    public HostedStream(
        StreamConfiguration configuration,
        StreamOrigin origin,
        Task<ILiveStreamFactory> factory,
        StreamHostOptions options,
        TimeProvider time,
        ILogger logger)
    {
        Configuration = configuration;
        Origin = origin;
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
            // Not before its first start: a stream whose place it takes may still be ending under the same name.
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
