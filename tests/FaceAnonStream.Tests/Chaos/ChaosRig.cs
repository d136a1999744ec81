using System.Diagnostics;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;

namespace FaceAnonStream.Tests.Chaos;

/// <summary>A camera, a relay, a live stream and a viewer, and the ways to harm them.</summary>
internal sealed class ChaosRig : IAsyncDisposable
{
    private readonly StampedScene _scene;
    private readonly RtspPeer[] _cameras;
    private readonly ChaosProxy _proxy;
    private readonly OutputReceiver _receiver;
    private readonly OutputJudge _judge;
    private readonly LiveModels _models;
    private readonly LiveStream _stream;
    private readonly StreamTelemetry _telemetry = new("chaos", TimeProvider.System);
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Random _random;
    private readonly int _viewerPort;
    private readonly EndEvents _ends = new();
    private Task<LiveReport>? _running;

    /// <param name="scene">Taken over.</param>
    /// <param name="cameras">That show it, each in a size of its own. Taken over.</param>
    /// <param name="options">Of the stream.</param>
    /// <param name="seed">Of the chaos.</param>
    private ChaosRig(StampedScene scene, RtspPeer[] cameras, FaceAnonOptions options, int seed)
    {
        _scene = scene;
        _cameras = cameras;
        _random = new Random(seed);
        _proxy = new ChaosProxy { Target = cameras[0].Port };
        _judge = new OutputJudge(scene);
        _viewerPort = FreePort.Tcp();
        _receiver = new OutputReceiver(_judge, _viewerPort);
        _models = new LiveModels(
            new ModelCatalog(new ModelFolders([])), new ModelPaths(null, null, null), keyPath: null, options, TimeProvider.System);
        var configuration = new StreamConfiguration
        {
            Name = "chaos",
            Source = Endpoint.Source($"rtsp://127.0.0.1:{_proxy.Port}/cam"),
            Output = Endpoint.Sink($"tcp://127.0.0.1:{_viewerPort}"),
            Options = options,
        };
        _stream = new LiveStream(configuration, _models, _telemetry, TimeProvider.System, FirstConnection.UntilMade, _ends);
    }

    public OutputJudge Judge => _judge;

    public static async Task<ChaosRig> StartAsync(FaceAnonOptions options, int seed)
    {
        var scene = await StampedScene.MakeAsync();
        RtspPeer[] cameras =
        [
            await RtspPeer.StartAsync(new RtspPeerOptions { Clip = scene.Path }),
            await RtspPeer.StartAsync(new RtspPeerOptions { Clip = scene.LargePath }),
        ];
        var rig = new ChaosRig(scene, cameras, options, seed);
        rig._running = rig._stream.RunAsync(rig._ending.Token, rig._abort.Token);
        await Task.WhenAny(rig._receiver.NextAsync(Sight.Scene), rig._running);
        return rig._running.IsCompleted ? throw new InvalidOperationException("the stream ended at once", rig._running.Exception) : rig;
    }

    /// <summary>Harms one part at random.</summary>
    /// <returns>What was done, and how long the output was without the scene after the harm was over.</returns>
    public async Task<(string Harm, TimeSpan Outage)> HarmAsync(Action<string> tell)
    {
        (string Name, Func<Task<Task>> Do)[] harms =
        [
            ("camera died", CameraDiesAsync),
            ("camera came back in another size", CameraComesBackInAnotherSizeAsync),
            ("connection cut", ConnectionsAreCutAsync),
            ("camera fell silent", CameraFallsSilentAsync),
            ("garbage", GarbageArrivesAsync),
            ("viewer died", ViewerDiesAsync),
            ("decoder killed", () => ChildDiesAsync(StreamEnd.Source, "pipe:1", _proxy.Port)),
            ("encoder killed", () => ChildDiesAsync(StreamEnd.Sink, "pipe:0", _viewerPort)),
        ];
        var (name, harm) = harms[_random.Next(harms.Length)];
        tell(name);
        var mended = await harm();
        var over = TimeProvider.System.GetTimestamp();
        await mended;
        await _receiver.NextAsync(Sight.Scene);
        var outage = TimeProvider.System.GetElapsedTime(over);
        await AWhileAsync(1, 3);
        return (name, outage);
    }

    /// <summary>Ends the stream in good order.</summary>
    public async Task<LiveReport> EndAsync()
    {
        await _ending.CancelAsync();
        return await _running!;
    }

    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        if (_running is not null)
        {
            await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _stream.DisposeAsync();
        _telemetry.Dispose();
        await _models.DisposeAsync();
        await _receiver.DisposeAsync();
        await _proxy.DisposeAsync();
        foreach (var camera in _cameras)
        {
            await camera.DisposeAsync();
        }

        _judge.Dispose();
        _scene.Dispose();
        _ending.Dispose();
        _abort.Dispose();
    }

    // Each of these returns when the harm is over, with what completes when the stream has noticed that.
    private async Task<Task> CameraDiesAsync()
    {
        var (away, up) = await LossOfAsync(StreamEnd.Source);
        var camera = _cameras.Single(camera => camera.Port == _proxy.Target);
        camera.Kill();
        await away;
        await AWhileAsync(0, 2);
        await camera.RestartAsync();
        return up;
    }

    private async Task<Task> CameraComesBackInAnotherSizeAsync()
    {
        var (away, up) = await LossOfAsync(StreamEnd.Source);
        _proxy.Target = _cameras.Single(camera => camera.Port != _proxy.Target).Port;
        _proxy.Cut();
        await away;
        return up;
    }

    private async Task<Task> ConnectionsAreCutAsync()
    {
        var (away, up) = await LossOfAsync(StreamEnd.Source);
        _proxy.Cut();
        await away;
        return up;
    }

    private async Task<Task> CameraFallsSilentAsync()
    {
        var (away, up) = await LossOfAsync(StreamEnd.Source);
        _proxy.Stall();
        await away;
        _proxy.Resume();
        return up;
    }

    private async Task<Task> GarbageArrivesAsync()
    {
        var garbage = new byte[_random.Next(1, 1 << 16)];
        _random.NextBytes(garbage);
        _proxy.Inject(garbage);
        await AWhileAsync(0.5, 1);
        return Task.CompletedTask;
    }

    private async Task<Task> ViewerDiesAsync()
    {
        _receiver.Kill();
        await AWhileAsync(1, 3);
        _receiver.Revive();
        return Task.CompletedTask;
    }

    private async Task<Task> ChildDiesAsync(StreamEnd end, string pipe, int port)
    {
        var (away, up) = await LossOfAsync(end);
        foreach (var process in Children($" {pipe} ", $"127.0.0.1:{port}"))
        {
            using (process)
            {
                process.Kill();
            }
        }

        await away;
        return up;
    }

    /// <summary>When an end will have been lost and won again; returns when there is something to lose. The garbage of the harm
    /// before may cost a connection only now.</summary>
    private async Task<(Task Away, Task Up)> LossOfAsync(StreamEnd end)
    {
        var (away, up) = (_ends.NextAsync(end, EndState.Away), _ends.NextAsync(end, EndState.Up));
        await _ends.IsAsync(end, EndState.Up);
        return (away, up);
    }

    private Task AWhileAsync(double least, double most) => Task.Delay(TimeSpan.FromSeconds(least + (_random.NextDouble() * (most - least))));

    /// <summary>Our children whose command line holds all of these.</summary>
    private static IEnumerable<Process> Children(params string[] texts)
    {
        foreach (var process in Process.GetProcessesByName("ffmpeg"))
        {
            var command = File.Exists($"/proc/{process.Id}/cmdline") ? File.ReadAllText($"/proc/{process.Id}/cmdline").Replace('\0', ' ') : "";
            if (texts.All(text => command.Contains(text, StringComparison.Ordinal)))
            {
                yield return process;
            }
            else
            {
                process.Dispose();
            }
        }
    }
}
