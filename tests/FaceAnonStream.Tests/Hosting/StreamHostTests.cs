using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Live;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

public sealed class StreamHostTests : IAsyncDisposable
{
    private readonly StreamHostRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Add_Enabled_Runs()
    {
        await _rig.AddAsync("door");

        await _rig.ReachesAsync("door", StreamState.Running);
        _rig.Status("door").Vitals.ShouldBe(ScriptedStream.Well);
    }

    [Fact]
    public async Task Add_NotEnabled_WaitsToBeStarted()
    {
        await _rig.Host.AddAsync(ScriptedStreams.Configuration("door", enabled: false), StreamOrigin.Api);
        _rig.Status("door").State.ShouldBe(StreamState.Stopped);

        (await _rig.Host.StartAsync("door", CancellationToken.None)).ShouldBeTrue();
        await _rig.ReachesAsync("door", StreamState.Running);
    }

    [Fact]
    public async Task Add_TakenNameOrOutput_IsAConflict()
    {
        await _rig.AddAsync("door");

        (await _rig.Host.AddAsync(ScriptedStreams.Configuration("door", output: "rtsp://server.test/x"), StreamOrigin.Api))!
            .Message.ShouldBe("there is a stream door already");
        (await _rig.Host.AddAsync(ScriptedStreams.Configuration("gate", output: "rtsp://server.test/door"), StreamOrigin.Api))!
            .Message.ShouldBe("stream door has the same output");
        _rig.Host.Streams.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Add_OneTooMany_IsAConflict()
    {
        for (var i = 0; i < ServiceConfiguration.MaxStreams; i++)
        {
            (await _rig.Host.AddAsync(ScriptedStreams.Configuration($"s{i}", enabled: false), StreamOrigin.Api)).ShouldBeNull();
        }

        (await _rig.Host.AddAsync(ScriptedStreams.Configuration("more"), StreamOrigin.Api))!.Message.ShouldContain("256 streams already");
    }

    [Fact]
    public async Task Stop_RunningStream_EndsAndStaysStopped()
    {
        await _rig.AddAsync("door");
        await _rig.ReachesAsync("door", StreamState.Running);

        await _rig.Host.StopAsync("door", CancellationToken.None);

        _rig.Status("door").State.ShouldBe(StreamState.Stopped);
        _rig.Streams.Newest("door").IsDisposed.ShouldBeTrue();
        _rig.Streams.Count("door").ShouldBe(1);
    }

    [Fact]
    public async Task Remove_UnknownStream_SaysSo()
    {
        (await _rig.Host.RemoveAsync("none")).ShouldBeFalse();
        (await _rig.Host.StartAsync("none", CancellationToken.None)).ShouldBeFalse();
        (await _rig.Host.StopAsync("none", CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Streams_BeforeModelsAreLoaded_AreStartingAndSayWhy()
    {
        var factory = new TaskCompletionSource<ILiveStreamFactory>();
        await using var rig = new StreamHostRig(factory: factory.Task);
        await rig.AddAsync("door");

        rig.Status("door").State.ShouldBe(StreamState.Starting);
        rig.Status("door").Reason.ShouldBe("models are being loaded");
        rig.Host.IsReady.ShouldBeFalse();
        factory.SetResult(rig.Streams);

        await rig.ReachesAsync("door", StreamState.Running);
        rig.Host.IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Run_FrameMemoryTooShortForTheLookAhead_IsLoggedOnce()
    {
        await using var rig = new StreamHostRig(StreamHostRig.Impatient with { OutflowPeriod = TimeSpan.FromMilliseconds(5) });
        rig.Streams.Script("door", configuration => new ScriptedStream(configuration) { Saying = () => ScriptedStream.Well with { LookAheadMs = 120 } });
        await rig.AddAsync("door", "gate");
        const string Line = "Warning: stream door: look-ahead 120 ms instead of 400 ms: the frames need more than media.frameMemoryMb";
        await Eventually.HoldsAsync(() => rig.Log.All.Contains(Line));

        rig.Streams.Newest("door").Fail(new IOException("lost"));
        await Eventually.HoldsAsync(() => rig.Streams.Count("door") == 2);
        await rig.ReachesAsync("door", StreamState.Running);

        await rig.Host.StopAsync("door", CancellationToken.None);
        rig.Log.All.Count(line => line.Contains("look-ahead", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData(EndState.Up, EndState.Up, null, 5, StreamState.Running, null)]
    [InlineData(EndState.Connecting, EndState.Connecting, null, 0, StreamState.Starting, "the source is being connected")]
    [InlineData(EndState.Up, EndState.Connecting, null, 0, StreamState.Starting, "the output is being connected")]
    [InlineData(EndState.Connecting, EndState.Up, "no answer", 0, StreamState.Degraded, "no answer")]
    [InlineData(EndState.Connecting, EndState.Up, null, 5, StreamState.Degraded, "the source is away")]
    [InlineData(EndState.Away, EndState.Up, null, 0, StreamState.Degraded, "the source is away")]
    [InlineData(EndState.Up, EndState.Away, null, 5, StreamState.Degraded, "the output is away")]
    [InlineData(EndState.Up, EndState.Up, "no faces can be drawn", 5, StreamState.Degraded, "no faces can be drawn")]
    public async Task State_FollowsFromVitals(EndState source, EndState sink, string? problem, long framesOut, StreamState state, string? reason)
    {
        await _rig.AddAsync("door");
        await _rig.ReachesAsync("door", StreamState.Running);

        _rig.Streams.Newest("door").Saying = () => ScriptedStream.Well with { Source = source, Sink = sink, Problem = problem, FramesOut = framesOut };

        _rig.Status("door").State.ShouldBe(state);
        _rig.Status("door").Reason.ShouldBe(reason);
    }
}
