using System.Text.Json.Nodes;
using FaceAnonStream.Cli;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Jobs;
using FaceAnonStream.Media;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _input;
    private readonly string _output;

    public RunCommandTests()
    {
        _input = _folder.Write("in.mp4");
        _output = _folder.File("out.mp4");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_NoOptions_AsksForTheDefaults()
    {
        var engine = new FakeEngine();

        var result = await Invocation.RunAsync(engine, "run", _input, _output);

        result.ExitCode.ShouldBe(0);
        result.Out.ShouldBeEmpty();
        engine.Request.ShouldBe(new RunRequest(_input, _output, false, new ModelPaths(null, null, null), null, null, new FaceAnonOptions()));
    }

    [Fact]
    public async Task Run_EveryOption_ReachesTheEngine()
    {
        var engine = new FakeEngine();
        var config = _folder.Write("house.yaml", [.. "detect:\n  tiles: 3\nmedia:\n  crf: 18\n"u8]);
        var (detector, landmarks) = (_folder.Write("d.onnx"), _folder.Write("l.json"));
        var faces = _folder.File("faces.jsonl");
        var (generator, key) = (_folder.Write("g.json"), _folder.Write("house.key"));

        var result = await Invocation.RunAsync(
            engine, "run", _input, _output, "--config", config, "--detector", detector, "--landmarks", landmarks,
            "--generator", generator, "--key", key, "--faces", faces, "--overwrite", "--method", "solid", "--privacy", "natural", "--audio", "copy", "--video-codec", "libx265", "--preset", "", "--crf", "-1");

        result.ExitCode.ShouldBe(0);
        var defaults = new FaceAnonOptions();
        engine.Request.ShouldBe(new RunRequest(_input, _output, true, new ModelPaths(detector, landmarks, generator), faces, key, defaults with
        {
            Detect = defaults.Detect with { Tiles = 3 },
            Redact = defaults.Redact with { Method = RedactionMethod.Solid, Privacy = PrivacyLevel.Natural },
            Media = defaults.Media with { Audio = AudioPolicy.Copy, VideoCodec = "libx265", Preset = "", Crf = -1 },
        }));
    }

    [Fact]
    public async Task Run_WrongSettings_AreAllReportedBeforeTheEngineStarts()
    {
        var engine = new FakeEngine();
        var config = _folder.Write("house.yaml", [.. "detect:\n  tiles: 0\n"u8]);

        var result = await Invocation.RunAsync(
            engine, "run", _input, _output, "--config", config, "--method", "pixelate", "--crf", "64", "--video-codec", "a b");

        result.ShouldBe(new Invocation(2, "", $"""
            faceanon: {config}:2: detect.tiles: 0; allowed 1 to 8
            faceanon: --method: pixelate; allowed synthetic, mosaic, blur, solid
            faceanon: --video-codec: a b; allowed an encoder's name such as libx264
            faceanon: --crf: 64; allowed -1 to 63

            """));
        engine.Request.ShouldBeNull();
    }

    [Fact]
    public async Task Run_Done_SaysWhatWasDoneAndShoutsAboutSolidFrames()
    {
        var result = await Invocation.RunAsync("run", _input, _output);

        result.Error.ShouldBe("""
            street.mp4 -> out.mp4
              480 frames in 12.5 s (38.4 fps)
              900 faces covered by synthetic faces (800 seen, 100 filled in), 1 track
              model: yunet_n_dynamic.onnx (104ee26c) on CPU
              105 of them not drawn but covered by more: 60 too small, 10 seen too briefly or weakly, 25 landmarks unusable, 4 turned too far, 1 features not covered, 5 MODEL FAILED
              5 FACES MADE SOLID because synthetic faces failed
              10 FRAMES MADE SOLID AS A WHOLE because their faces could not be found or covered
                10 x the detector gave values that are not finite
              audio dropped (voices identify people; --audio copy keeps it)

            """);
    }

    [Fact]
    public async Task Run_AudioDroppedAgainstTheUsersWish_OffersNoRemedy() =>
        (await Invocation.RunAsync("run", _input, _output, "--audio", "copy")).ErrorLines[^1]
            .ShouldBe("  audio dropped (voices identify people)");

    [Fact]
    public async Task Run_Quiet_PrintsNothing() =>
        (await Invocation.RunAsync("run", _input, _output, "--quiet")).ShouldBe(new Invocation(0, "", ""));

    [Fact]
    public async Task Run_Report_HoldsWhatWasDoneAndTheSettingsInForce()
    {
        var path = _folder.File("report.json");

        var result = await Invocation.RunAsync("run", _input, _output, "--report", path, "--method", "blur");

        result.ErrorLines[^1].ShouldBe($"  report: {path}");
        var report = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        report["schema"]!.GetValue<string>().ShouldBe("faceanon-report/1");
        report["settings"]!["redact"]!["method"]!.GetValue<string>().ShouldBe("blur");
    }

    [Fact]
    public async Task Run_Cancelled_SaysSoWithExitCode130AndWritesNoReport()
    {
        using var cancellation = new CancellationTokenSource();
        var engine = new FakeEngine
        {
            Job = async (_, ct) =>
            {
                await cancellation.CancelAsync();
                ct.ThrowIfCancellationRequested();
            },
        };

        var result = await Invocation.RunAsync(
            context => context with { CreateEngine = () => engine },
            cancellation.Token,
            "run", _input, _output, "--report", _folder.File("report.json"));

        result.ShouldBe(new Invocation(130, "", "faceanon: cancelled\n"));
        File.Exists(_folder.File("report.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task Run_ReportCannotBeWritten_FailsAndSaysThatTheOutputIsComplete()
    {
        var path = _folder.File("report.json");
        var engine = new FakeEngine
        {
            Job = (_, _) =>
            {
                Directory.CreateDirectory(path);
                return Task.CompletedTask;
            },
        };

        var result = await Invocation.RunAsync(engine, "run", _input, _output, "--report", path);

        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"faceanon: {path}: the report cannot be written (");
        result.Error.ShouldEndWith("out.mp4 is complete\n");
        Directory.GetFiles(_folder.Root, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_OnATerminal_DrawsABarAndRemovesIt()
    {
        var drawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var time = new ManualTime();
        var engine = new FakeEngine
        {
            Job = async (progress, _) =>
            {
                progress.Report(new JobProgress(200, 180, 480, 5, 2, 0));
                await drawn.Task;
            },
        };
        using var error = new SignallingWriter("180/480", drawn);

        var running = Invocation.RunAsync(
            context => context with { CreateEngine = () => engine, DrawsProgress = true, Error = error, Time = time },
            CancellationToken.None,
            "run", _input, _output);
        while (!drawn.Task.IsCompleted && !running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await running).ExitCode.ShouldBe(0);
        error.ToString().ShouldEndWith("--audio copy keeps it)\n");
    }
}
