using FaceAnonStream.Detection;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Live;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

/// <summary>A stream that frames enter and do not leave, though both of its ends are up.</summary>
public sealed class StuckStreamTests : IAsyncDisposable
{
    private const string Reason = "no frame has left for 0 s although frames come in";

    private readonly StreamHostRig _rig = new(StreamHostRig.Impatient with
    {
        OutflowMargin = TimeSpan.FromMilliseconds(20),
        OutflowPeriod = TimeSpan.FromMilliseconds(5),
    });

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Run_NothingLeaves_IsStartedAnewWithTheReason()
    {
        await StartAsync((_, ct) => Task.Delay(Timeout.Infinite, ct));

        await EnterUntilAsync(() => _rig.Streams.Count("door") == 2);

        _rig.Log.All.ShouldContain($"Warning: stream door: {Reason}; it is cancelled, to be started anew");
        _rig.Log.All.ShouldContain(line => line.StartsWith($"Warning: stream door: failed ({Reason}); starts again in ", StringComparison.Ordinal));
        _rig.Status("good").Restarts.ShouldBe(0);
    }

    [Fact]
    public async Task State_NothingLeavesAndItDoesNotEnd_IsDegraded()
    {
        await StartAsync((_, _) => Task.Delay(Timeout.Infinite));

        await EnterUntilAsync(() => _rig.Status("door").State == StreamState.Degraded);

        _rig.Status("door").Reason.ShouldBe(Reason);
        _rig.Streams.Count("door").ShouldBe(1, "the first still holds the ends");
    }

    /// <summary>Those are let go too: a sink that is away is no reason to start anew.</summary>
    [Fact]
    public async Task Run_FramesLeftOutAtTheExit_RunsOn()
    {
        await StartAsync((_, ct) => Task.Delay(Timeout.Infinite, ct));
        var looks = 0;

        await EnterUntilAsync(() =>
        {
            _rig.Streams.Telemetry("door")!.Dropped(DropReason.SinkAway);
            return ++looks > 100;
        });

        _rig.Streams.Count("door").ShouldBe(1);
        _rig.Status("door").State.ShouldBe(StreamState.Running);
    }

    private async Task StartAsync(Func<CancellationToken, CancellationToken, Task> running)
    {
        var options = StreamHostRig.NoGrace with
        {
            Live = new LiveOptions { MaxLatencyMs = 1, StallMs = 1 },
            Detect = new DetectOptions { TimeoutMs = 1 },
        };
        _rig.Streams.Script("door", configuration => new ScriptedStream(configuration) { Running = running });
        await _rig.Host.AddAsync(ScriptedStreams.Configuration("door", options: options), StreamOrigin.File);
        await _rig.AddAsync("good");
        await _rig.ReachesAsync("door", StreamState.Running);
        await _rig.ReachesAsync("good", StreamState.Running);
    }

    /// <summary>Frames enter until something has come about.</summary>
    private Task EnterUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(() =>
    {
        for (var frame = 0; frame < 200; frame++)
        {
            _rig.Streams.Telemetry("door")!.FrameDecoded();
        }

        return condition();
    });
}
