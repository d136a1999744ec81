using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Streams;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

/// <summary>Whatever one stream does, another runs on untouched.</summary>
public sealed class StreamIsolationTests : IAsyncDisposable
{
    private readonly ManualResetEventSlim _block = new();
    private readonly StreamHostRig _rig = new();

    public async ValueTask DisposeAsync()
    {
        _block.Set();
        await _rig.DisposeAsync();
        _block.Dispose();
    }

    [Fact]
    public async Task Run_StreamThrows_IsStartedAnewAndItsNeighbourRunsOn()
    {
        await StartBothAsync();

        for (var failures = 1; failures <= 3; failures++)
        {
            _rig.Streams.Newest("bad").Fail(new InvalidOperationException("boom"));
            await Eventually.HoldsAsync(() => _rig.Streams.Count("bad") == failures + 1);
            await _rig.ReachesAsync("bad", StreamState.Running);
        }

        _rig.Status("bad").Restarts.ShouldBe(3);
        NeighbourIsUntouched();
    }

    [Fact]
    public async Task Run_StreamReturnsByItself_IsStartedAnew()
    {
        var isFirst = true;
        _rig.Streams.Script("bad", configuration => new ScriptedStream(configuration)
        {
            Running = isFirst ? (_, _) => { isFirst = false; return Task.CompletedTask; } : null,
        });
        await StartBothAsync();

        await Eventually.HoldsAsync(() => _rig.Streams.Count("bad") == 2);
        _rig.Log.All.ShouldContain(line => line.Contains("stream bad: failed (it ended by itself)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Create_Throws_IsTriedAgainAndItsNeighbourRunsOn()
    {
        var attempts = 0;
        _rig.Streams.Script("bad", configuration =>
            ++attempts < 4 ? throw new InvalidOperationException("cannot") : new ScriptedStream(configuration));
        await StartBothAsync();

        await _rig.ReachesAsync("bad", StreamState.Running);
        attempts.ShouldBe(4);
        NeighbourIsUntouched();
    }

    [Fact]
    public async Task Create_Blocks_HoldsUpNobodyElseAndCanBeStopped()
    {
        _rig.Streams.Script("bad", configuration =>
        {
            _block.Wait();
            return new ScriptedStream(configuration);
        });
        await _rig.AddAsync("bad", "good");

        await _rig.ReachesAsync("good", StreamState.Running);
        _rig.Status("bad").State.ShouldBe(StreamState.Starting);
        (await Eventually.EndsAsync(_rig.Host.StopAsync("bad", CancellationToken.None))).ShouldBeTrue();
        _rig.Status("bad").State.ShouldBe(StreamState.Stopped);
        NeighbourIsUntouched();
    }

    [Fact]
    public async Task Dispose_ThrowsOrBlocks_StreamIsStartedAnewAllTheSame()
    {
        var attempts = 0;
        _rig.Streams.Script("bad", configuration => new ScriptedStream(configuration)
        {
            Disposing = ++attempts switch { 1 => () => throw new InvalidOperationException("no"), 2 => _block.Wait, _ => () => { } },
        });
        await StartBothAsync();

        _rig.Streams.Newest("bad").Fail(new IOException("lost"));
        await Eventually.HoldsAsync(() => _rig.Streams.Count("bad") == 2);
        _rig.Streams.Newest("bad").Fail(new IOException("lost"));
        await Eventually.HoldsAsync(() => _rig.Streams.Count("bad") == 3);
        await _rig.ReachesAsync("bad", StreamState.Running);
        NeighbourIsUntouched();
    }

    [Fact]
    public async Task Stop_StreamNeedsForce_IsCancelled()
    {
        _rig.Streams.Script("bad", configuration => new ScriptedStream(configuration) { Running = (_, ct) => Task.Delay(Timeout.Infinite, ct) });
        await StartBothAsync();

        await Eventually.EndsAsync(_rig.Host.StopAsync("bad", CancellationToken.None));

        _rig.Streams.Newest("bad").IsDisposed.ShouldBeTrue();
        _rig.Log.All.ShouldContain("Warning: stream bad: does not end by itself, and is cancelled");
        NeighbourIsUntouched();
    }

    [Fact]
    public async Task Stop_StreamNeverEnds_IsGivenUpAndCanBeStartedAgain()
    {
        var isFirst = true;
        _rig.Streams.Script("bad", configuration =>
        {
            var hangs = isFirst;
            isFirst = false;
            return new ScriptedStream(configuration) { Running = hangs ? (_, _) => Task.Delay(Timeout.Infinite) : null };
        });
        await StartBothAsync();

        await Eventually.EndsAsync(_rig.Host.StopAsync("bad", CancellationToken.None));
        _rig.Log.All.ShouldContain(line => line.Contains("given up", StringComparison.Ordinal));
        await _rig.Host.StartAsync("bad", CancellationToken.None);

        await _rig.ReachesAsync("bad", StreamState.Running);
        NeighbourIsUntouched();
    }

    [Fact]
    public async Task Vitals_Throw_OthersAreStillListed()
    {
        await StartBothAsync();

        _rig.Streams.Newest("bad").Saying = () => throw new InvalidOperationException("no");

        _rig.Host.Streams.Select(stream => stream.Configuration.Name).ShouldBe(["bad", "good"]);
        _rig.Status("good").State.ShouldBe(StreamState.Running);
    }

    [Fact]
    public async Task Failure_WithSecrets_ShowsNoneInStatusOrLog()
    {
        await using var rig = new StreamHostRig(StreamHostRig.Impatient with { RestartMin = TimeSpan.FromMinutes(1), RestartMax = TimeSpan.FromMinutes(1) });
        var configuration = ScriptedStreams.Configuration(
            "door", "rtsp://operator:hunter22@camera.test/door", "rtmp://server.test/app/stream-key-77", options: StreamHostRig.NoGrace);
        rig.Streams.Script("door", scripted => new ScriptedStream(scripted)
        {
            Running = (_, _) => throw new FaultException(
                FaultOrigin.Source, "rtsp://operator:hunter22@camera.test/door: refused operator / hunter22\nto rtmp://server.test/app/stream-key-77"),
        });
        await rig.Host.AddAsync(configuration, StreamOrigin.File);

        await rig.ReachesAsync("door", StreamState.Failed);
        await Eventually.HoldsAsync(() => rig.Log.All.Count >= 2);
        var reason = rig.Status("door").Reason!;
        reason.ShouldContain("camera.test");
        foreach (var text in (string[])[reason, .. rig.Log.All])
        {
            text.ShouldNotContain("hunter22");
            text.ShouldNotContain("operator");
            text.ShouldNotContain("stream-key-77");
            text.ShouldNotContain("\n");
        }
    }

    [Fact]
    public async Task Failure_ThatRepeats_IsLoggedOnce()
    {
        _rig.Streams.Script("bad", _ => throw new InvalidOperationException("always the same"));
        await _rig.AddAsync("bad");

        await Eventually.HoldsAsync(() => _rig.Status("bad").Restarts > 5);

        _rig.Log.All.Count(line => line.Contains("always the same", StringComparison.Ordinal)).ShouldBe(1);
    }

    private async Task StartBothAsync()
    {
        await _rig.AddAsync("bad", "good");
        await Eventually.HoldsAsync(() => _rig.Streams.Count("good") == 1 && _rig.Status("bad").State != StreamState.Starting);
        await _rig.ReachesAsync("good", StreamState.Running);
    }

    private void NeighbourIsUntouched()
    {
        _rig.Status("good").State.ShouldBe(StreamState.Running);
        _rig.Streams.Count("good").ShouldBe(1);
        _rig.Streams.Newest("good").IsDisposed.ShouldBeFalse();
    }
}
