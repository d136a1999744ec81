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
    public async Task Run_NoModelInstalled_UsesTheEmbeddedModelsAndSaysSo()
    {
        var graphs = EmbeddedModel.All.SelectMany(model => model.Manifest.Files).Where(file => file.File.EndsWith(".onnx", StringComparison.Ordinal)).ToList();
        var (output, report) = (_folder.File("out.mp4"), _folder.File("report.json"));

        var result = await Faceanon.RunBareAsync("run", await TestClips.GetAsync("plain.mp4"), output, "--report", report);

        result.ExitCode.ShouldBe(0, result.Error);
        graphs.ShouldAllBe(graph => result.Error.Contains($"  model: embedded {graph.File} ({graph.Sha256.Substring(0, 12)}) on ", StringComparison.Ordinal));
        JsonNode.Parse(await File.ReadAllTextAsync(report))!["models"]!.AsArray()
            .Select(model => (model!["name"]!.GetValue<string>(), model["sha256"]!.GetValue<string>()))
            .ShouldBe(graphs.Select(graph => ($"embedded {graph.File}", graph.Sha256)));
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
