using System.Text.Json.Nodes;
using FaceAnonStream.Cli;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Frames;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class DemoCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Demo_NoOptions_AsksForTheDefaults()
    {
        var engine = new FakeEngine();

        var result = await Invocation.RunAsync(engine, "demo", _folder.Root, "--quiet");

        result.ExitCode.ShouldBe(0);
        result.Error.ShouldBeEmpty();
        engine.Composition.ShouldBe(new SceneRequest(
            new SceneOptions(), _folder.File("demo.mp4"), _folder.File("demo.truth.json"), null, new FaceAnonOptions().Media));
        engine.Request.ShouldBe(new RunRequest(
            _folder.File("demo.mp4"), _folder.File("demo.anonymised.mp4"), false, new ModelPaths(null, null, null), null, null, new FaceAnonOptions()));
    }

    [Fact]
    public async Task Demo_EveryOption_ReachesTheEngine()
    {
        var engine = new FakeEngine();
        var detector = _folder.Write("d.onnx");
        var generator = _folder.Write("g.json");

        await Invocation.RunAsync(
            engine, "demo", _folder.Root, "--size", "640x360", "--fps", "30000/1001", "--duration", "2.5", "--people", "7",
            "--seed", "18446744073709551615", "--method", "solid", "--detector", detector, "--generator", generator, "--force");

        engine.Composition!.Scene.ShouldBe(new SceneOptions
        {
            Width = 640,
            Height = 360,
            FrameRate = new Rational(30000, 1001),
            DurationSeconds = 2.5,
            People = 7,
            Seed = ulong.MaxValue,
        });
        engine.Composition.GeneratorPath.ShouldBe(generator);
        engine.Request!.Models.Detector.ShouldBe(detector);
        engine.Request.Overwrite.ShouldBeTrue();
        engine.Request.Options.Redact.Method.ShouldBe(RedactionMethod.Solid);
    }

    [Fact]
    public async Task Demo_Done_SaysWhereTheFilesAreAndWhatIsInThem()
    {
        var result = await Invocation.RunAsync("demo", _folder.Root);

        result.Out.Split('\n').ShouldBe([
            $"before: {_folder.File("demo.mp4")} (where every face is: {_folder.File("demo.truth.json")})",
            $"after:  {_folder.File("demo.anonymised.mp4")}",
            "4 people who do not exist, 250 frames, 7 faces to be seen in them; 900 covered by synthetic faces",
            "",
        ]);
        result.ErrorLines.ShouldBe([$"making {_folder.File("demo.mp4")} …", "anonymising it …"]);
    }

    [Fact]
    public async Task Demo_SeveralThingsWrong_SaysThemAllAndMakesNothing()
    {
        var engine = new FakeEngine();

        var result = await Invocation.RunAsync(
            engine, "demo", _folder.File("new"), "--size", "641x360", "--fps", "0", "--duration", "-1", "--people", "13",
            "--seed", "x", "--method", "pixels");

        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe([
            "faceanon: --size: 641x360; allowed WIDTHxHEIGHT, even numbers from 64 to 4096",
            "faceanon: --fps: 0; allowed 1 to 120, also as 29.97 or 30000/1001",
            "faceanon: --duration: -1; allowed more than 0, to 3600 seconds",
            "faceanon: --people: 13; allowed 1 to 12",
            "faceanon: --seed: x; allowed a whole number from 0",
            "faceanon: --method: pixels; allowed synthetic, mosaic, blur, solid",
        ]);
        engine.Composition.ShouldBeNull();
        Directory.Exists(_folder.File("new")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("720")]
    [InlineData("1280x720x3")]
    [InlineData("32x32")]
    [InlineData("1280x")]
    [InlineData("8192x720")]
    public async Task Demo_BadSize_IsRefused(string size) =>
        (await Invocation.RunAsync("demo", _folder.Root, "--size", size)).ErrorLines.ShouldHaveSingleItem()
            .ShouldBe($"faceanon: --size: {size}; allowed WIDTHxHEIGHT, even numbers from 64 to 4096");

    [Theory]
    [InlineData("25", 25, 1)]
    [InlineData("29.97", 30000, 1001)]
    [InlineData("12.5", 12500, 1000)]
    [InlineData("24000/1001", 24000, 1001)]
    public async Task Demo_FrameRate_IsReadExactly(string text, int numerator, int denominator)
    {
        var engine = new FakeEngine();
        await Invocation.RunAsync(engine, "demo", _folder.Root, "--fps", text);
        engine.Composition!.Scene.FrameRate.ShouldBe(new Rational(numerator, denominator));
    }

    [Fact]
    public async Task Demo_FilesExist_NeedsForce()
    {
        _folder.Write("demo.mp4");
        _folder.Write("demo.truth.json");

        var result = await Invocation.RunAsync("demo", _folder.Root);

        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe([
            $"faceanon: {_folder.File("demo.mp4")}: exists already; --force replaces it",
            $"faceanon: {_folder.File("demo.truth.json")}: exists already; --force replaces it",
        ]);
        (await Invocation.RunAsync("demo", _folder.Root, "--force")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Demo_FolderCannotBeWritten_SaysSo()
    {
        var result = await Invocation.RunAsync("demo", "/proc/demo");
        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("faceanon: /proc/demo: cannot be made (");
    }

    [Fact]
    public async Task Demo_FolderIsAFile_SaysSo()
    {
        var result = await Invocation.RunAsync("demo", _folder.Write("file"));
        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"faceanon: {_folder.File("file")}: cannot be made (");
    }

    [Fact]
    public async Task Demo_EmbeddedModelsOnly_MakesBothClips()
    {
        var result = await Faceanon.RunBareAsync(
            "demo", _folder.Root, "--size", "320x240", "--duration", "2", "--people", "2", "--fps", "10", "--quiet");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldBeEmpty();
        _folder.Names.ShouldBe(["demo.anonymised.mp4", "demo.mp4", "demo.truth.json"]);
        (await RawClip.DecodeAsync(_folder.File("demo.mp4"))).Frames.Count.ShouldBe(20);
        (await RawClip.DecodeAsync(_folder.File("demo.anonymised.mp4"))).Frames.Count.ShouldBe(20);
        var truth = JsonNode.Parse(await File.ReadAllTextAsync(_folder.File("demo.truth.json")))!;
        var faces = truth["frames"]!.AsArray().Sum(frame => frame!["faces"]!.AsArray().Count);
        result.Output.ShouldContain($"2 people who do not exist, 20 frames, {faces} faces to be seen in them; ");
    }

    [Fact]
    public async Task Demo_Interrupted_ExitsWith130AndLeavesNothing()
    {
        using var process = Faceanon.Start("demo", _folder.Root, "--duration", "60");
        while (!_folder.Names.Any(name => name.EndsWith(".partial", StringComparison.Ordinal)))
        {
            process.HasExited.ShouldBeFalse("the demo ended before it could be interrupted");
            await Task.Delay(50);
        }

        await Command.RunAsync("sh", "-c", $"kill -s INT {process.Id}");
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(130, error);
        error.ShouldEndWith("faceanon: cancelled\n");
        _folder.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Demo_GeneratorThatIsNone_IsRefusedAndLeavesNothing()
    {
        using var models = new TemporaryFolder();
        var result = await Faceanon.RunBareAsync("demo", _folder.Root, "--generator", models.File("none.json"), "--quiet");
        result.ExitCode.ShouldBe(2);
        result.Error.ShouldBe($"faceanon: {models.File("none.json")}: no such model file\n");
        _folder.Names.ShouldBeEmpty();
    }
}
