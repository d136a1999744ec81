using System.Text.Json.Nodes;
using FaceAnonStream.Faults;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Verification;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Inference.Generation;
using FaceAnonStream.Tests.Inference.Surrogate;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Verification;

public sealed class ModelVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Verify_GoodModel_HasNoProblem() => (await ProblemAsync(TinyPackage.Write(_folder))).ShouldBeNull();

    [Fact]
    public async Task Verify_ChangedFile_HasAnotherHash()
    {
        var path = TinyPackage.Write(_folder);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        (await ProblemAsync(path)).ShouldNotBeNull().ShouldMatch(@"\Atiny\.onnx: its SHA-256 is [0-9a-f]{64}; expected [0-9a-f]{64}\z");
    }

    [Fact]
    public async Task Verify_TruncatedFile_DoesNotLoad()
    {
        var path = _folder.Write("cut.onnx", [.. TinyModels.Constant().Read().SkipLast(200)]);

        (await ProblemAsync(path, ModelTask.FaceDetection)).ShouldNotBeNull()
            .ShouldStartWith("cut.onnx: not an ONNX model that ONNX Runtime can load (");
    }

    [Fact]
    public async Task Verify_MissingFile_IsNamed()
    {
        var path = TinyPackage.Write(_folder);
        File.Delete(path);

        (await ProblemAsync(_folder.File("tiny.json"))).ShouldBe($"{path}: no such model file");
    }

    [Theory]
    [InlineData("inputs", "name", "\"picture\"", "its inputs are image; expected picture")]
    [InlineData("outputs", "name", "\"mask\"", "its outputs are points; expected mask")]
    [InlineData("inputs", "shape", """["N", 1, 4, 5]""", "its input image is float [-1, 1, 4, 4]; expected float [N, 1, 4, 5]")]
    [InlineData("inputs", "shape", """["N", 1, 4]""", "its input image is float [-1, 1, 4, 4]; expected float [N, 1, 4]")]
    [InlineData("inputs", "shape", """["N", 1, "H", 4]""", "its input image is float [-1, 1, 4, 4]; expected float [N, 1, H, 4]")]
    [InlineData("outputs", "shape", """["N", 3, 4, 4]""", "its output points is float [-1, 1, 4, 4]; expected float [N, 3, 4, 4]")]
    public async Task Verify_ManifestOfAnotherShape_SaysWhatDiffers(string list, string key, string value, string problem) =>
        (await ProblemAsync(TinyPackage.Write(_folder, manifest => manifest[list]![0]![key] = JsonNode.Parse(value))))
            .ShouldBe($"tiny.onnx: {problem}");

    [Fact]
    public async Task Verify_ShapeThatOnlyARunShows_IsCompared()
    {
        // Sixteen values of noise are sixteen different ones.
        var path = TinyPackage.Write(
            _folder,
            [OnnxBuilder.Node("Unique", ["image"], ["points"])],
            manifest => manifest["outputs"]![0]!["shape"] = new JsonArray(15),
            outputShape: [-1]);

        (await ProblemAsync(path)).ShouldBe("tiny.onnx: output points has the shape [16]; expected [15]");
    }

    [Fact]
    public async Task Verify_ValuesThatAreNotFinite_AreFound()
    {
        var path = TinyPackage.Write(
            _folder,
            [OnnxBuilder.Node("Neg", ["image"], ["below"]), OnnxBuilder.Node("Log", ["below"], ["points"])]);

        (await ProblemAsync(path)).ShouldBe("tiny.onnx: output points has values that are not finite");
    }

    [Fact]
    public async Task Verify_AnswersThatDependOnTheRestOfTheBatch_AreFound()
    {
        // Without axes the largest value is that of the whole batch.
        var path = TinyPackage.Write(
            _folder,
            [OnnxBuilder.Node("ReduceMax", ["image"], ["largest"]), OnnxBuilder.Node("Sub", ["image", "largest"], ["points"])]);

        (await ProblemAsync(path)).ShouldBe("tiny.onnx: output points differs between a batch of 2 and two of 1");
    }

    [Fact]
    public async Task Verify_DetectorWithoutManifest_HasYuNetsLayout()
    {
        (await ProblemAsync(_folder.Write("good.onnx", TinyModels.Constant().Read()), ModelTask.FaceDetection)).ShouldBeNull();
        (await ProblemAsync(_folder.Write("bad.onnx", TinyModels.Identity.Read()), ModelTask.FaceDetection)).ShouldNotBeNull()
            .ShouldStartWith("bad.onnx is not a YuNet face detector: ");
        (await ProblemAsync(_folder.Write("more.onnx", TinyModels.Constant(extraCells: 1).Read()), ModelTask.FaceDetection))
            .ShouldBe("more.onnx: output cls_8 has the shape [1, 17, 1]; expected [1, 16, 1]");
        (await ProblemAsync(_folder.Write("fails.onnx", TinyModels.FailsWhenRun().Read()), ModelTask.FaceDetection)).ShouldNotBeNull()
            .ShouldStartWith("fails.onnx: inference failed (");
    }

    [Fact]
    public async Task Verify_Surrogate_NeedsAWholeGallery()
    {
        (await GeneratorProblemAsync(_ => { })).ShouldBeNull();
        (await GeneratorProblemAsync(gallery => gallery.Remove("privacy"))).ShouldBe("gallery.json: privacy is missing");
        (await GeneratorProblemAsync(gallery => gallery["privacy"]!.AsObject().Remove("hysteresis")))
            .ShouldBe("gallery.json: privacy.hysteresis is missing");
        (await GeneratorProblemAsync(gallery => gallery.Remove("pool"))).ShouldBe("gallery.json: pool is missing");

        async Task<string?> GeneratorProblemAsync(Action<JsonObject> change)
        {
            using var folder = new TemporaryFolder();
            return await ProblemAsync(GeneratorPackage.WriteSurrogate(folder, change), ModelTask.FaceGeneration);
        }
    }

    /// <summary>Graphs that run well are of no use with a gallery that does not go with them.</summary>
    [Fact]
    public async Task Verify_FaceSwap_NeedsAGalleryThatFits()
    {
        var gallery = GeneratorPackage.Gallery();
        gallery["projection"] = Galleries.Numbers([4, 4], i => i);
        (await ProblemAsync(GeneratorPackage.WriteFaceSwap(_folder, gallery: gallery), ModelTask.FaceGeneration))
            .ShouldBe("tiny: projection has 4 rows; expected 5, as a latent has numbers");
    }

    [Fact]
    public async Task Verify_ChangedPublishedFile_HasAnotherHash()
    {
        _folder.Write("yunet_n_dynamic.onnx", TinyModels.Constant().Read());
        var model = new ModelCatalog(new ModelFolders([_folder.Root])).Models.First();

        (await ProblemAsync(model)).ShouldNotBeNull().ShouldEndWith($"; expected {KnownDetector.All[0].Sha256}");
    }

    [Fact]
    public async Task Verify_PublishedDetectors_HaveNoProblem()
    {
        var folder = Path.GetDirectoryName(SharedAssets.Model("yunet_n_dynamic.onnx"))!;
        foreach (var model in new ModelCatalog(new ModelFolders([folder])).Models.Where(model => model.Known is not null))
        {
            (await ProblemAsync(model)).ShouldBeNull(model.Name);
        }
    }

    [Fact]
    public void Load_FileThatItsManifestDoesNotDescribe_IsRefused()
    {
        var path = TinyPackage.Write(_folder, manifest => manifest["files"]![0]!["sha256"] = new string('0', 64));
        var model = new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceLandmarks, path);

        var fault = Should.Throw<FaultException>(() => OnnxSession.Load(
            model.Graph, new OnnxSessionOptions(), TimeProvider.System));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldEndWith($"; its manifest is for {new string('0', 64)}");
    }

    private static Task<string?> ProblemAsync(string path, ModelTask task = ModelTask.FaceLandmarks) =>
        ProblemAsync(new ModelCatalog(new ModelFolders([])).Resolve(task, path));

    private static async Task<string?> ProblemAsync(CatalogModel model)
    {
        try
        {
            await ModelVerifier.VerifyAsync(model, TimeProvider.System, CancellationToken.None);
            return null;
        }
        catch (FaultException fault)
        {
            fault.Message.ShouldNotContain("\n");
            return fault.Message;
        }
    }
}
