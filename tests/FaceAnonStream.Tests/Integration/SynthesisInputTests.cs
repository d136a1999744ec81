using System.Text.Json.Nodes;
using FaceAnonStream.Tests.Inference.Generation;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Integration;

/// <summary>What is wrong with a key or a model is said in one line, with the right exit code, and leaves nothing behind.</summary>
public sealed class SynthesisInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Run_KeyIsMissing_SaysSo() =>
        ShouldBeRefusedAsync(2, $"{_folder.File("key")}: no such file", "--key", _folder.File("key"));

    [Fact]
    public Task Run_KeyIsAFolder_SaysSo() =>
        ShouldBeRefusedAsync(2, $"{_folder.Root}: is a directory; allowed a file", "--key", _folder.Root);

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(4097)]
    public Task Run_KeyOfAnotherLength_SaysWhatIsAllowed(int length) => ShouldBeRefusedAsync(
        2,
        $"{_folder.File("key")}: a key of {length} bytes; allowed 16 to 4096",
        "--key",
        _folder.Write("key", [.. Enumerable.Range(0, length).Select(i => (byte)i)]));

    [Fact]
    public Task Run_KeyOfZeros_IsNoKey() => ShouldBeRefusedAsync(
        2,
        $"{_folder.File("key")}: a key whose bytes are all the same; allowed random bytes",
        "--key",
        _folder.Write("key", new byte[32]));

    /// <summary>It opens and fails when it is read, whoever the user is.</summary>
    [Fact]
    public async Task Run_KeyThatCannotBeRead_SaysSo()
    {
        var error = await RefusedAsync(2, "--key", "/proc/self/mem");
        error.ShouldContain("faceanon: /proc/self/mem: the key cannot be read (");
    }

    [Fact]
    public Task Run_UnknownPrivacy_SaysWhatIsAllowed() =>
        ShouldBeRefusedAsync(2, "--privacy: x; allowed strong, natural", "--privacy", "x");

    [Fact]
    public Task Run_GeneratorForAnotherTask_SaysSo()
    {
        var path = TinyPackage.Write(_folder);
        return ShouldBeRefusedAsync(2, $"{_folder.File("tiny.json")}: a face-landmarks model; allowed face-generation", "--generator", path);
    }

    [Fact]
    public Task Run_LandmarksForAnotherTask_SaysSo()
    {
        var path = GeneratorPackage.WriteFaceSwap(_folder);
        return ShouldBeRefusedAsync(2, $"{_folder.File("tiny.json")}: a face-generation model; allowed face-landmarks", "--landmarks", path);
    }

    [Fact]
    public Task Run_LandmarksOfOtherNumber_SaysSo() => ShouldBeRefusedAsync(
        1,
        "tiny and surrogate have different landmarks; allowed the same ones in the same order",
        "--landmarks",
        TinyPackage.Write(_folder));

    [Fact]
    public async Task Run_LandmarksInAnotherOrder_AreRefusedBeforeAFaceIsDrawn()
    {
        var path = TinyPackage.Write(_folder, manifest =>
            manifest["template"]!["points"] = new JsonArray([.. SceneClips.Topology.Reverse().Select(index => (JsonNode)index)]));
        await ShouldBeRefusedAsync(1, "tiny and surrogate have different landmarks; allowed the same ones in the same order", "--landmarks", path);
    }

    [Fact]
    public Task Run_GalleryWithoutARecipe_SaysWhatIsMissing() => ShouldBeRefusedAsync(
        1,
        "gallery.json: privacy is missing",
        "--generator",
        GeneratorPackage.WriteSurrogate(_folder, gallery => gallery.Remove("privacy")));

    private async Task ShouldBeRefusedAsync(int exitCode, string message, params string[] arguments) =>
        (await RefusedAsync(exitCode, arguments)).ShouldEndWith($"faceanon: {message}\n");

    private async Task<string> RefusedAsync(int exitCode, params string[] arguments)
    {
        var before = _folder.Names;
        var result = await Faceanon.RunBareAsync(["run", await TestClips.GetAsync("one.mp4"), _folder.File("out.mp4"), .. arguments]);
        result.ExitCode.ShouldBe(exitCode, result.Error);
        _folder.Names.ShouldBe(before);
        return result.Error;
    }
}
