using System.Collections.Concurrent;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Tests.Hosting;

/// <summary>Makes streams that do what a test says, and remembers them.</summary>
internal sealed class ScriptedStreams : ILiveStreamFactory
{
    private readonly ConcurrentDictionary<string, Func<StreamConfiguration, ILiveStream>> _scripts = new();
    private readonly ConcurrentQueue<ScriptedStream> _made = new();
    private readonly ConcurrentDictionary<string, StreamTelemetry> _telemetry = new();

    /// <summary>What the models fail of, once a test says so.</summary>
    public TaskCompletionSource<FaultException> Breaking { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<FaultException> Broken => Breaking.Task;

    /// <summary>How often a stream of this name was asked for, and made.</summary>
    public int Count(string name) => _made.Count(stream => stream.Configuration.Name == name);

    public ScriptedStream Newest(string name) => _made.Last(stream => stream.Configuration.Name == name);

    /// <summary>What measures the stream of this name, once it was asked for.</summary>
    public StreamTelemetry? Telemetry(string name) => _telemetry.GetValueOrDefault(name);

    /// <summary>What is made of streams of this name; by default one that runs until it is ended.</summary>
    public void Script(string name, Func<StreamConfiguration, ILiveStream> script) => _scripts[name] = script;

    public ILiveStream Create(StreamConfiguration configuration, StreamTelemetry telemetry)
    {
        _telemetry[configuration.Name] = telemetry;
        var stream = _scripts.TryGetValue(configuration.Name, out var script) ? script(configuration) : new ScriptedStream(configuration);
        _made.Enqueue((ScriptedStream)stream);
        return stream;
    }

    public static StreamConfiguration Configuration(
        string name, string? source = null, string? output = null, bool enabled = true, FaceAnonOptions? options = null, string? credentials = null) => new()
        {
            Name = name,
            Source = Endpoint.Source(source ?? $"rtsp://camera.test/{name}", credentials),
            Output = Endpoint.Sink(output ?? $"rtsp://server.test/{name}"),
            Enabled = enabled,
            Options = options ?? FaceAnonOptions.LiveDefaults,
        };

    public static ServiceConfiguration Service(params IReadOnlyList<StreamConfiguration> streams) => new()
    {
        Service = new ServiceOptions { Listen = "127.0.0.1:0", RequestsPerSecond = 1000 },
        Models = new ModelOptions().Paths,
        Options = FaceAnonOptions.LiveDefaults,
        Streams = streams,
    };
}

/// <summary>A stream that does what a test says.</summary>
internal sealed class ScriptedStream(StreamConfiguration configuration) : ILiveStream
{
    public static readonly StreamVitals Well = new(
        new StreamNumbers(EndState.Up, EndState.Up, null, 10, 9, 1, 4, 1, 0, 2, 0, 12.5), 640, 360, 400);

    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamConfiguration Configuration => configuration;

    /// <summary>What it says of itself.</summary>
    public Func<StreamVitals> Saying { get; set; } = () => Well;

    public Func<CancellationToken, CancellationToken, Task>? Running { get; init; }

    public Action Disposing { get; init; } = () => { };

    public bool IsDisposed { get; private set; }

    public StreamVitals Vitals => Saying();

    public IStreamPreview? Preview { get; init; }

    public void Fail(Exception exception) => _failure.SetException(exception);

    public Task RunAsync(CancellationToken ending, CancellationToken ct) => Running?.Invoke(ending, ct) ?? UntilEndedAsync(ending);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        Disposing();
        return ValueTask.CompletedTask;
    }

    private async Task UntilEndedAsync(CancellationToken ending)
    {
        var ended = new TaskCompletionSource();
        await using var registration = ending.Register(ended.SetResult);
        await await Task.WhenAny(ended.Task, _failure.Task);
    }
}
