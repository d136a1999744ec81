using System.Text.Json.Nodes;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class EvaluateCommandTests : IDisposable
{
    private static readonly SceneOptions Scene = new()
    {
        Width = 480, Height = 270, FrameRate = new Rational(10, 1), DurationSeconds = 2, People = 3, Seed = 6,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_TwoFiles_AreOneClip()
    {
        var (original, anonymised) = (Write("a.mp4"), Write("b.mp4"));
        var engine = new FakeEngine();

        var result = await Invocation.RunAsync(
            engine, "evaluate", original, anonymised, "--recognizer", Write("one.onnx"), Write("two.onnx"), "--landmarks", Write("mesh.onnx"), "--quiet");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldBeEmpty();
        var request = engine.Evaluation.ShouldNotBeNull();
        request.Clips.ShouldHaveSingleItem().ShouldBe(new("a.mp4", original, anonymised));
        request.Recognizers.ShouldBe([_folder.File("one.onnx"), _folder.File("two.onnx")]);
        request.LandmarksPath.ShouldBe(_folder.File("mesh.onnx"));
    }

    [Fact]
    public async Task Evaluate_Folders_PairsTheirNamesAndTellsWhatIsLeftOut()
    {
        var (before, after) = (Directory.CreateDirectory(_folder.File("before")).FullName, Directory.CreateDirectory(_folder.File("after")).FullName);
        foreach (var path in (string[])["before/b.mp4", "before/a.mkv", "before/c.mp4", "before/notes.txt", "after/a.mkv", "after/b.mp4", "after/.x.mp4"])
        {
            Write(path);
        }

        var engine = new FakeEngine();
        var result = await Invocation.RunAsync(engine, "evaluate", before, after, "--quiet");

        engine.Evaluation.ShouldNotBeNull().Clips.Select(clip => clip.Name).ShouldBe(["a.mkv", "b.mp4"]);
        result.ErrorLines.ShouldBe([$"faceanon: {before}/c.mp4: has no counterpart of the same name; left out"]);
    }

    [Fact]
    public async Task Evaluate_Lists_GoWithTheirClips()
    {
        var (before, after) = (Directory.CreateDirectory(_folder.File("before")).FullName, Directory.CreateDirectory(_folder.File("after")).FullName);
        foreach (var path in (string[])["before/a.mkv", "before/a.mp4", "after/a.mkv", "after/a.mp4", "after/a.mkv.jsonl"])
        {
            Write(path);
        }

        var refused = await Invocation.RunAsync("evaluate", before, after, "--faces", after, "--quiet");
        var list = Write("after/a.mp4.jsonl");
        var (folders, files) = (new FakeEngine(), new FakeEngine());
        await Invocation.RunAsync(folders, "evaluate", before, after, "--faces", after, "--quiet");
        await Invocation.RunAsync(files, "evaluate", Path.Combine(before, "a.mp4"), Path.Combine(after, "a.mp4"), "--faces", list, "--quiet");

        refused.ExitCode.ShouldBe(2);
        refused.ErrorLines.ShouldBe([$"faceanon: {list}: no such file"]);
        folders.Evaluation.ShouldNotBeNull().Clips.Select(clip => clip.Faces).ShouldBe([$"{after}/a.mkv.jsonl", list]);
        files.Evaluation.ShouldNotBeNull().Clips.ShouldHaveSingleItem().Faces.ShouldBe(list);
    }

    [Fact]
    public async Task Evaluate_SyntheticWithItsList_TellsReplacedFaces()
    {
        var original = await SceneClips.EncodeAsync(Scene);
        var (output, list, json) = (_folder.File("out.mp4"), _folder.File("out.jsonl"), _folder.File("measured.json"));
        var run = await Faceanon.RunBareAsync("run", original, output, "--method", "synthetic", "--faces", list, "--quiet");
        run.ExitCode.ShouldBe(0, run.Error);

        var result = await Faceanon.RunBareAsync("evaluate", original, output, "--faces", list, "--json", json, "--quiet");

        result.ExitCode.ShouldBe(0, result.Error);
        var measured = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        var (covers, replaced) = (measured["covers"]!, measured["replaced"]!["coverage"]!["faces"]!.GetValue<int>());
        var listed = covers["levels"]!.AsObject().Sum(level => level.Value!.GetValue<int>());
        replaced.ShouldBeGreaterThan(20);
        covers["levels"]!["synthetic"]!.GetValue<int>().ShouldBe(replaced);
        (listed + covers["notListed"]!.GetValue<int>()).ShouldBe(measured["coverage"]!["faces"]!.GetValue<int>());
        covers["notListed"]!.GetValue<int>().ShouldBe(0);
        result.Output.ShouldContain($"covers: {replaced} replaced");
        result.Output.Split('\n').Single(line => line.StartsWith("replaced  ", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2].ShouldBe(["replaced", $"{replaced}"]);
    }

    [Fact]
    public async Task Evaluate_ListIsMalformed_TellsItsLine()
    {
        var original = await SceneClips.EncodeAsync(Scene);
        var list = Write("list.jsonl");

        var result = await Faceanon.RunBareAsync("evaluate", original, original, "--faces", list, "--quiet");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldBe($"faceanon: {list}, line 1: no JSON; allowed what faceanon run --faces writes: not what it seems\n");
    }

    [Fact]
    public async Task Evaluate_EverythingMissing_IsToldAtOnce()
    {
        var result = await Invocation.RunAsync("evaluate", "no.mp4", "none.mp4", "--recognizer", "no.onnx", "--json", "/nowhere/x.json");

        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe(
        [
            "faceanon: no.mp4: no such file",
            "faceanon: none.mp4: no such file",
            "faceanon: no.onnx: no such file",
            "faceanon: /nowhere/x.json: the folder /nowhere does not exist",
        ]);
    }

    [Fact]
    public async Task Evaluate_FolderAndFile_AreNotCompared()
    {
        var result = await Invocation.RunAsync("evaluate", _folder.Root, Write("a.mp4"));

        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldBe([$"faceanon: {_folder.Root}: is a directory; allowed a file"]);
    }

    [Fact]
    public async Task Evaluate_FoldersWithoutACommonName_IsRefused()
    {
        var (before, after) = (Directory.CreateDirectory(_folder.File("before")).FullName, Directory.CreateDirectory(_folder.File("after")).FullName);
        Write("before/a.mp4");

        var result = await Invocation.RunAsync("evaluate", before, after);

        result.ErrorLines.ShouldBe([$"faceanon: {before} and {after}: have no recordings of the same name"]);
    }

    [Fact]
    public async Task Evaluate_JsonExists_IsNotReplacedUnasked()
    {
        string[] arguments = ["evaluate", Write("a.mp4"), Write("b.mp4"), "--json", Write("out.json"), "--quiet"];

        (await Invocation.RunAsync(new FakeEngine(), arguments)).ExitCode.ShouldBe(2);
        (await Invocation.RunAsync(new FakeEngine(), [.. arguments, "--overwrite"])).ExitCode.ShouldBe(0);

        var json = JsonNode.Parse(await File.ReadAllTextAsync(_folder.File("out.json")))!;
        json["schema"]!.GetValue<string>().ShouldBe(EvaluationFile.Schema);
        json["coverage"]!["uncoveredFaces"]!.GetValue<int>().ShouldBe(7);
        JsonNode.DeepEquals(json["uncovered"]![0], JsonNode.Parse("""
            {"clip": "street.mp4", "frame": 12, "box": {"x": 10, "y": 20, "width": 30, "height": 40}, "visibility": {"likeness": 0.9, "detail": 0.8}}
            """)).ShouldBeTrue(json["uncovered"]!.ToJsonString());
        json["stability"]!["jitterRatio"]!.GetValue<double>().ShouldBe(1.25);
        json["utility"]!["landmarkDistance"]!.GetValue<double>().ShouldBe(0.0625);
    }

    [Fact]
    public async Task Evaluate_MosaicOfAScene_CoversEveryFaceAndOriginalNone()
    {
        var original = await SceneClips.EncodeAsync(Scene);
        var (mosaic, json) = (_folder.File("mosaic.mp4"), _folder.File("measured.json"));
        (await Faceanon.RunBareAsync("run", original, mosaic, "--method", "mosaic", "--quiet")).ExitCode.ShouldBe(0);

        var covered = await Faceanon.RunBareAsync("evaluate", original, mosaic, "--json", json, "--quiet");
        var bare = await Faceanon.RunBareAsync("evaluate", original, original, "--quiet");

        covered.ExitCode.ShouldBe(0, covered.Error);
        var measured = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        measured["frames"]!.GetValue<int>().ShouldBe(20);
        var faces = measured["coverage"]!["faces"]!.GetValue<int>();
        faces.ShouldBeGreaterThan(20);
        measured["coverage"]!["uncoveredFaces"]!.GetValue<int>().ShouldBe(0);
        measured["utility"]!["detectionRate"]!.GetValue<double>().ShouldBeLessThan(0.5);
        measured["detector"]!["name"]!.GetValue<string>().ShouldStartWith("embedded ");
        bare.Output.ShouldContain($"1 clip, 20 frames, {faces} faces in ");
        bare.Output.Split('\n').Single(line => line.StartsWith("all", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[..6].ShouldBe(["all", $"{faces}", $"{faces}", "100.0", "%", "0.0"]);
    }

    [Fact]
    public async Task Evaluate_SizesDiffer_IsRefusedBeforeAnythingIsDecoded()
    {
        var original = await SceneClips.EncodeAsync(Scene);
        var half = _folder.File("half.mp4");
        await Command.RunAsync("ffmpeg", "-v", "error", "-i", original, "-an", "-vf", "scale=240:-2", half);

        var result = await Faceanon.RunBareAsync("evaluate", original, half, "--quiet");

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldBe($"faceanon: {half}: 240x136 pixels; allowed 480x270, as {original} has\n");
    }

    [Fact]
    public async Task Evaluate_NotARecogniser_IsRefused()
    {
        var original = await SceneClips.EncodeAsync(Scene);

        var result = await Faceanon.RunBareAsync("evaluate", original, original, "--recognizer", Write("some.onnx"), "--quiet");

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldStartWith($"faceanon: {_folder.File("some.onnx")}: not a recogniser whose input is known (SHA-256 ");
    }

    [Fact]
    public async Task Evaluate_RealClipWithRecogniser_TellsPeopleApart()
    {
        var json = _folder.File("measured.json");
        var clip = SharedAssets.Clip("head-pose-face-detection-female-and-male.mp4");
        var (short1, short2) = (_folder.File("short.mp4"), _folder.File("mosaic.mp4"));
        await Command.RunAsync("ffmpeg", "-v", "error", "-i", clip, "-an", "-frames:v", "40", short1);
        (await Faceanon.RunAsync("run", short1, short2, "--method", "mosaic", "--quiet")).ExitCode.ShouldBe(0);

        var result = await Faceanon.RunAsync(
            "evaluate", short1, short2, "--recognizer", SharedAssets.Model("face_reid_0095.onnx"), "--json", json, "--quiet");

        result.ExitCode.ShouldBe(0, result.Error);
        var measured = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        measured["people"]!.GetValue<int>().ShouldBe(2);
        var identity = measured["identity"]!.AsArray().ShouldHaveSingleItem()!;
        identity["recognizer"]!.GetValue<string>().ShouldBe("face_reid_0095");
        identity["chance"]!.GetValue<double>().ShouldBe(0.5);
        identity["original"]!["rank1"]!.GetValue<double>().ShouldBe(1);
        identity["original"]!["calibratedMatch"]!.GetValue<double>().ShouldBeGreaterThan(0.9);
        identity["meanCosine"]!.GetValue<double>().ShouldBeLessThan(0.3);
        measured["stability"]!["meanConsecutiveCosine"]!.AsArray().ShouldHaveSingleItem();
    }

    private string Write(string name)
    {
        var path = _folder.File(name);
        File.WriteAllText(path, "not what it seems");
        return path;
    }
}
