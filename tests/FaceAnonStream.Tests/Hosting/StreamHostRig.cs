using FaceAnonStream.Hosting.Streams;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Tests.Hosting;

/// <summary>A host without patience, and streams that do what a test says.</summary>
internal sealed class StreamHostRig : IAsyncDisposable
{
    public StreamHostRig(StreamHostOptions? options = null, Task<ILiveStreamFactory>? factory = null) => Host = new StreamHost(
        factory ?? Task.FromResult<ILiveStreamFactory>(Streams), options ?? Impatient, TimeProvider.System, Log.CreateLogger<StreamHost>());

    public static StreamHostOptions Impatient { get; } = new()
    {
        RestartMin = TimeSpan.FromMilliseconds(5),
        RestartMax = TimeSpan.FromMilliseconds(20),
        StopMargin = TimeSpan.FromMilliseconds(50),
    };

    public ScriptedStreams Streams { get; } = new();

    public LogLines Log { get; } = new();

    public StreamHost Host { get; }

    public Task AddAsync(params IEnumerable<string> names) =>
        Task.WhenAll(names.Select(name => Host.AddAsync(ScriptedStreams.Configuration(name, options: NoGrace), StreamOrigin.File)));

    public StreamStatus Status(string name) => Host.Find(name)!;

    public Task ReachesAsync(string name, StreamState state) => Eventually.HoldsAsync(
        () => Status(name).State == state, () => $"{name} never became {state}: {Status(name)}");

    public async ValueTask DisposeAsync() => await Eventually.EndsAsync(Host.DisposeAsync().AsTask());

    public static FaceAnonStream.Hosting.Configuration.FaceAnonOptions NoGrace { get; } =
        FaceAnonStream.Hosting.Configuration.FaceAnonOptions.LiveDefaults with { Media = new() { StopGraceMs = 0 } };
}
