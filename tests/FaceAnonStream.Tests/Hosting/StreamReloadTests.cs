using FaceAnonStream.Detection;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Redaction;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

/// <summary>What a new configuration does to running streams.</summary>
public sealed class StreamReloadTests : IAsyncDisposable
{
    private readonly StreamHostRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Apply_OneOfEachChange_TouchesOnlyWhatChanged()
    {
        await _rig.Host.ApplyAsync(ScriptedStreams.Service(Stream("same"), Stream("moved"), Stream("gone")));
        await Task.WhenAll(((string[])["same", "moved", "gone"]).Select(name => _rig.ReachesAsync(name, StreamState.Running)));
        var gone = _rig.Streams.Newest("gone");

        var changes = await _rig.Host.ApplyAsync(ScriptedStreams.Service(
            Stream("same"), ScriptedStreams.Configuration("moved", "rtsp://elsewhere.test/moved"), Stream("new")));

        changes.Added.ShouldBe(["new"]);
        changes.Changed.ShouldBe(["moved"]);
        changes.Removed.ShouldBe(["gone"]);
        changes.Unchanged.ShouldBe(["same"]);
        changes.NeedsRestart.ShouldBeEmpty();
        gone.IsDisposed.ShouldBeTrue();
        await Eventually.HoldsAsync(() => _rig.Streams.Count("moved") == 2);
        _rig.Streams.Count("same").ShouldBe(1);
        _rig.Streams.Newest("same").IsDisposed.ShouldBeFalse();
        _rig.Host.Streams.Select(stream => stream.Configuration.Name).ShouldBe(["moved", "new", "same"]);
    }

    [Fact]
    public async Task Apply_OutputsChangedHands_BothStreamsRun()
    {
        await _rig.Host.ApplyAsync(ScriptedStreams.Service(
            ScriptedStreams.Configuration("a", output: "rtsp://server.test/1"), ScriptedStreams.Configuration("b", output: "rtsp://server.test/2")));

        await _rig.Host.ApplyAsync(ScriptedStreams.Service(
            ScriptedStreams.Configuration("a", output: "rtsp://server.test/2"), ScriptedStreams.Configuration("b", output: "rtsp://server.test/1")));

        await _rig.ReachesAsync("a", StreamState.Running);
        await _rig.ReachesAsync("b", StreamState.Running);
        _rig.Status("a").Configuration.Output.Shown.ShouldBe("rtsp://server.test/2");
        _rig.Status("b").Configuration.Output.Shown.ShouldBe("rtsp://server.test/1");
    }

    [Fact]
    public async Task Apply_SettingOfAllStreams_RestartsThem()
    {
        await _rig.Host.ApplyAsync(ScriptedStreams.Service(Stream("door")));
        var solid = FaceAnonOptions.LiveDefaults with { Redact = new RedactOptions { Method = RedactionMethod.Solid } };

        var changes = await _rig.Host.ApplyAsync(
            ScriptedStreams.Service(ScriptedStreams.Configuration("door", options: solid)) with { Options = solid });

        changes.Changed.ShouldBe(["door"]);
        changes.NeedsRestart.ShouldBeEmpty();
        _rig.Host.Settings.ShouldBe(solid);
    }

    [Fact]
    public async Task Apply_SettingOfSharedModels_SaysThatItNeedsARestartAndLeavesStreamsAlone()
    {
        await _rig.Host.ApplyAsync(ScriptedStreams.Service(Stream("door")));
        await _rig.ReachesAsync("door", StreamState.Running);
        var tiled = FaceAnonOptions.LiveDefaults with { Detect = new DetectOptions { BatchSize = 1, TimeoutMs = 2000, Tiles = 2 } };
        var next = ScriptedStreams.Service(ScriptedStreams.Configuration("door", options: tiled)) with
        {
            Options = tiled,
            Models = new ModelOptions { Detector = "other.onnx" }.Paths,
            IdentityKeyFile = "key",
        };

        foreach (var round in (int[])[1, 2])
        {
            var changes = await _rig.Host.ApplyAsync(next);

            changes.NeedsRestart.ShouldBe(["models", "identityKeyFile", "detect.tiles"], $"round {round}");
            changes.Unchanged.ShouldBe(["door"]);
        }

        _rig.Streams.Count("door").ShouldBe(1);
        _rig.Host.Settings.ShouldBe(FaceAnonOptions.LiveDefaults);
        _rig.Log.All.ShouldContain(line => line.Contains("detect.tiles was changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_StreamsOfTheApi_StayUnlessTheFileNamesThem()
    {
        await _rig.Host.ApplyAsync(ScriptedStreams.Service(Stream("door")));
        await _rig.Host.AddAsync(Stream("guest"), StreamOrigin.Api);
        await _rig.Host.ReplaceAsync(ScriptedStreams.Configuration("door", "rtsp://elsewhere.test/door"), StreamOrigin.Api);
        _rig.Status("door").Origin.ShouldBe(StreamOrigin.Api);

        await _rig.Host.ApplyAsync(ScriptedStreams.Service(Stream("door")));

        _rig.Status("guest").Origin.ShouldBe(StreamOrigin.Api);
        _rig.Status("door").Origin.ShouldBe(StreamOrigin.File);
        _rig.Status("door").Configuration.Source.Shown.ShouldBe("rtsp://camera.test/door");
    }

    [Fact]
    public async Task Apply_FileTakesTheOutputOfAStreamOfTheApi_TheFileWins()
    {
        await _rig.Host.AddAsync(ScriptedStreams.Configuration("guest", output: "rtsp://server.test/door"), StreamOrigin.Api);

        await _rig.Host.ApplyAsync(ScriptedStreams.Service(Stream("door")));

        _rig.Host.Streams.Select(stream => stream.Configuration.Name).ShouldBe(["door"]);
    }

    private static StreamConfiguration Stream(string name) => ScriptedStreams.Configuration(name);
}
