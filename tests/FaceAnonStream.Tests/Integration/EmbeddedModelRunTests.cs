using System.Text.Json.Nodes;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Integration;

/// <summary>The program as it is after cloning: no model is installed.</summary>
public sealed class EmbeddedModelRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_NoModelInstalled_UsesTheEmbeddedDetectorAndSaysSo()
    {
        var detector = EmbeddedModel.All.Single(model => model.Manifest.Task == ModelTask.FaceDetection).Manifest.Files[0];
        var (output, report) = (_folder.File("out.mp4"), _folder.File("report.json"));

        var result = await Faceanon.RunBareAsync("run", await TestClips.GetAsync("plain.mp4"), output, "--report", report);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Error.ShouldContain($"  model: embedded {detector.File} ({detector.Sha256[..12]}) on ");
        var model = JsonNode.Parse(await File.ReadAllTextAsync(report))!["models"]!.AsArray().ShouldHaveSingleItem()!;
        model["name"]!.GetValue<string>().ShouldBe($"embedded {detector.File}");
        model["sha256"]!.GetValue<string>().ShouldBe(detector.Sha256);
        (await Ffprobe.VideoPtsAsync(output)).Count.ShouldBe(50);
    }

    [Fact]
    public async Task Run_DetectorWithAWrongManifest_IsRefusedAndLeavesNothing()
    {
        var detector = TinyPackage.Write(_folder);
        var before = _folder.Names;

        var result = await Faceanon.RunBareAsync("run", await TestClips.GetAsync("plain.mp4"), _folder.File("out.mp4"), "--detector", detector);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldEndWith($"faceanon: {_folder.File("tiny.json")}: a face-landmarks model; allowed face-detection\n");
        _folder.Names.ShouldBe(before);
    }

    [Fact]
    public async Task Run_AsAProcessOfAUserWhoInstalledNothing_Works()
    {
        using var process = Faceanon.StartAtHome(_folder.Root, "run", await TestClips.GetAsync("one.mp4"), _folder.File("out.mp4"));
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(0, await error);
        (await error).ShouldContain("  model: embedded ");
    }
}
