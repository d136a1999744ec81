using System.Text.Json.Nodes;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class LiveRunTests : IDisposable
{
    private const string Camera = "rtsp://camera/stream";
    private const string Server = "rtsp://server/anonymised";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_Address_AsksForALiveStreamWithTheDefaultsOfLiveStreams()
    {
        var engine = new FakeEngine();
        var result = await Invocation.RunAsync(engine, "run", Camera, Server);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Out.ShouldBeEmpty();
        engine.Live!.Stream.Source.Shown.ShouldBe(Camera);
        engine.Live.Stream.Output.Shown.ShouldBe(Server);
        engine.Live.Stream.Options.ShouldBe(FaceAnonOptions.LiveDefaults);
        engine.Live.Duration.ShouldBeNull();
    }

    [Theory]
    [InlineData("NAME/", EndpointKind.Segments)]
    [InlineData("NAME.m3u8", EndpointKind.Hls)]
    [InlineData("NAME.mp4", EndpointKind.File)]
    [InlineData("rtmp://server/live/key", EndpointKind.Rtmp)]
    [InlineData("srt://server:9000", EndpointKind.Srt)]
    [InlineData("udp://server:9000", EndpointKind.MpegTs)]
    public async Task Run_AnyOutput_IsUnderstood(string output, EndpointKind kind)
    {
        var engine = new FakeEngine();
        var path = output.StartsWith("NAME", StringComparison.Ordinal) ? _folder.File(output) : output;
        (await Invocation.RunAsync(engine, "run", Camera, path, "--duration", "2.5")).ExitCode.ShouldBe(0);
        engine.Live!.Stream.Output.Kind.ShouldBe(kind);
        engine.Live.Duration.ShouldBe(TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task Run_ConfigurationFile_WinsOverTheDefaultsOfLiveStreams()
    {
        var engine = new FakeEngine();
        var config = _folder.Write("live.yaml", [.. "track:\n  lookAheadMs: 200\n"u8]);
        await Invocation.RunAsync(engine, "run", Camera, Server, "--config", config);
        engine.Live!.Stream.Options.ShouldBe(FaceAnonOptions.LiveDefaults with
        {
            Track = FaceAnonOptions.LiveDefaults.Track with { LookAheadMs = 200 },
        });
    }

    [Theory]
    [InlineData("faceanon: live.maxLatencyMs: 300; allowed 700 or more, for track.lookAheadMs 400 and align.lookAheadMs 0", "live:\n  maxLatencyMs: 300")]
    [InlineData("faceanon: live.retryMinMs: 5000; allowed live.retryMaxMs (2000) or less", "live:\n  retryMinMs: 5000")]
    [InlineData("faceanon: media.audio: copy; allowed drop: live streams carry no sound", "media:\n  audio: copy")]
    public async Task Run_SettingsThatDoNotFitEachOther_AreRefused(string message, string yaml)
    {
        var config = _folder.Write("live.yaml", System.Text.Encoding.UTF8.GetBytes(yaml));
        var result = await Invocation.RunAsync("run", Camera, Server, "--config", config);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe([message]);
    }

    [Theory]
    [InlineData("gopher://user:secret@host/x", Server, "faceanon: INPUT: gopher://; allowed rtsp://, rtsps://, rtmp://, rtmps://, srt://, udp://, tcp://, http://, https://")]
    [InlineData("street.mp4", Server, "faceanon: INPUT: not an address; allowed rtsp://, rtsps://, rtmp://, rtmps://, srt://, udp://, tcp://, http://, https://")]
    [InlineData(Camera, "http://user:secret@server/x", "faceanon: OUTPUT: http://; allowed rtsp://, rtsps://, rtmp://, rtmps://, srt://, udp://, tcp://")]
    public async Task Run_EndThatCannotBe_IsRefusedWithoutItsSecrets(string input, string output, string message)
    {
        var result = await Invocation.RunAsync("run", input, output);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe([message]);
    }

    [Fact]
    public async Task Run_OutputFileThatExists_IsKept()
    {
        var path = _folder.Write("out.mp4", 1);
        var result = await Invocation.RunAsync("run", Camera, path);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe([$"faceanon: {path}: exists already; --overwrite replaces it"]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task Run_DurationOfNothing_IsRefused(string seconds)
    {
        var result = await Invocation.RunAsync("run", Camera, Server, "--duration", seconds);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe(["faceanon: --duration: allowed a number of seconds above 0"]);
    }

    [Fact]
    public async Task Run_RecordingWithOptionsOfLiveStreams_IsRefused()
    {
        var result = await Invocation.RunAsync("run", _folder.Write("in.mp4"), _folder.File("out.mp4"), "--duration", "5");
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe(["faceanon: --duration: only live streams have this"]);
    }

    [Fact]
    public async Task Run_CredentialsFromAFile_ReachTheSourceAndNobodyElse()
    {
        var engine = new FakeEngine();
        var secret = _folder.Write("camera.txt", [.. "admin:pa55 w/rd\n"u8]);
        var result = await Invocation.RunAsync(engine, "run", Camera, Server, "--source-credentials", secret);
        result.ExitCode.ShouldBe(0, result.Error);
        engine.Live!.Stream.Source.Shown.ShouldBe("rtsp://***@camera/stream");
        engine.Live.Stream.Source.Scrub("open rtsp://admin:pa55%20w%2Frd@camera/stream failed for pa55 w/rd").ShouldBe("open rtsp://***@camera/stream failed for ***");
        result.Error.ShouldNotContain("pa55");
    }

    [Theory]
    [InlineData("")]
    [InlineData("just-a-name")]
    [InlineData("a:b\nc:d")]
    public async Task Run_CredentialsFileWithSomethingElse_IsRefusedWithoutItsContent(string content)
    {
        var path = _folder.Write("camera.txt", System.Text.Encoding.UTF8.GetBytes(content));
        var result = await Invocation.RunAsync("run", Camera, Server, "--source-credentials", path);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe([$"faceanon: --source-credentials: not credentials; allowed one line user:password"]);
    }

    [Fact]
    public async Task Run_CredentialsInPlaceOfTheirFile_AreNotShown()
    {
        var result = await Invocation.RunAsync("run", Camera, Server, "--source-credentials", "operator:hunter22");
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe(["faceanon: --source-credentials: there is no such file; allowed a file with one line"]);
    }

    [Fact]
    public async Task Run_EndsThatComeAndGo_AreToldInLines()
    {
        var engine = new FakeEngine
        {
            Ends = events =>
            {
                events.Changed(StreamEnd.Source, EndState.Connecting, null);
                events.Changed(StreamEnd.Source, EndState.Up, null);
                events.Changed(StreamEnd.Sink, EndState.Away, "refused");
            },
        };
        var result = await Invocation.RunAsync(engine, "run", Camera, Server);
        result.ErrorLines[..3].ShouldBe(
            ["faceanon: source connecting", "faceanon: source connected", "faceanon: output away; trying again (refused)"]);
        (await Invocation.RunAsync(engine, "run", Camera, Server, "--quiet")).Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_Ended_SumsUp()
    {
        var report = _folder.File("report.json");
        var result = await Invocation.RunAsync(new FakeEngine(), "run", Camera, Server, "--report", report);
        result.ErrorLines.ShouldBe(
        [
            "rtsp://***@camera/stream -> rtsp://server/anonymised",
            "  250 frames of 1280x720 in 10.0 s (25.0 fps)",
            "  400 faces covered by synthetic faces (350 seen, 50 filled in)",
            "  model: yunet_n_dynamic.onnx (104ee26c) on CPU",
            "  added latency: half of the frames 431 ms or less, 99 of 100 478 ms or less",
            "  100 of them not drawn but covered by more: 60 too small, 10 seen too briefly or weakly, 25 landmarks unusable, 4 turned too far, 1 MODEL FAILED",
            "  1 FRAMES MADE SOLID AS A WHOLE because their faces could not be found or covered",
            "  45 FRAMES DROPPED: 3 would have been late, 2 found no memory, 40 found the output away",
            "  connected again: source 2 times, output 1 times",
            "    1 x the detector gave values that are not finite",
            $"  report: {report}",
        ]);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(report))!;
        json["schema"]!.GetValue<string>().ShouldBe("faceanon-live-report/1");
        json["dropped"]!["sinkAway"]!.GetValue<int>().ShouldBe(40);
        json["lookAheadMs"]!.GetValue<int>().ShouldBe(400);
        json["latencyMs"]!["p99"]!.GetValue<int>().ShouldBe(478);
        json["settings"]!["live"]!["whenAway"]!.GetValue<string>().ShouldBe("slate");
    }

    [Fact]
    public async Task Run_FrameMemoryTooShortForTheLookAhead_IsToldAtTheStartAndAtTheEnd()
    {
        const string Line = "look-ahead 120 ms instead of 400 ms: the frames need more than media.frameMemoryMb";
        var engine = new FakeEngine
        {
            Ends = events => events.LookAheadShortened(120, 400),
            LiveReport = FakeEngine.SampleLiveReport with { LookAheadMs = 120 },
        };
        var result = await Invocation.RunAsync(engine, "run", Camera, Server);
        result.ErrorLines[0].ShouldBe($"faceanon: {Line}");
        result.ErrorLines.ShouldContain($"  {Line}");
    }

    /// <summary>Ctrl-C is how one ends a live stream: that is no failure.</summary>
    [Fact]
    public async Task Run_ToldToEnd_IsDone()
    {
        using var ending = new CancellationTokenSource();
        var engine = new FakeEngine
        {
            Job = async (_, ct) =>
            {
                await ending.CancelAsync();
                ct.IsCancellationRequested.ShouldBeTrue();
            },
        };
        var result = await Invocation.RunAsync(context => context with { CreateEngine = () => engine }, ending.Token, "run", Camera, Server);
        result.ExitCode.ShouldBe(0, result.Error);
    }
}
