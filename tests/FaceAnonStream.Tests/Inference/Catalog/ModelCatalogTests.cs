using System.Text.Json.Nodes;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ModelTask.FaceDetection)]
    [InlineData(ModelTask.FaceLandmarks)]
    [InlineData(ModelTask.FaceGeneration)]
    public void Resolve_NothingInstalled_TakesTheEmbeddedModel(ModelTask task)
    {
        var embedded = EmbeddedModel.All.Single(model => model.Manifest.Task == task).Manifest;
        var model = Catalog("/none", _folder.Root).Resolve(task, null);

        model.Name.ShouldBe(embedded.Name);
        model.Path.ShouldBeNull();
        model.Manifest.ShouldBe(embedded);
        model.Origin!.Manifest.ShouldBe(embedded);
        model.Files.Select(file => file.FileName).ShouldBe(embedded.Files.Select(file => file.File));
        model.Files[0].Name.ShouldBe($"embedded {embedded.Files[0].File}");
    }

    [Fact]
    public void Resolve_SeveralInstalled_TakesTheMostPreferred()
    {
        foreach (var known in KnownDetector.All.Reverse())
        {
            _folder.Write(known.FileName);
            Catalog("/none", _folder.Root).Resolve(ModelTask.FaceDetection, null).Name.ShouldBe(known.FileName);
        }
    }

    [Fact]
    public void Resolve_DetectorWithoutManifest_IsTakenUnderAnyName()
    {
        var path = _folder.Write("mine.net");
        var model = Catalog().Resolve(ModelTask.FaceDetection, path);

        model.ShouldSatisfyAllConditions(
            () => model.Name.ShouldBe("mine.net"),
            () => model.Licence.ShouldBe("unknown"),
            () => model.Manifest.ShouldBeNull(),
            () => model.Graph.ShouldBeOfType<ModelFile>().FilePath.ShouldBe(path));
    }

    [Theory]
    [InlineData("tiny.onnx")]
    [InlineData("tiny.json")]
    public void Resolve_FileWithManifest_HoldsItsFacts(string named)
    {
        TinyPackage.Write(_folder);
        var model = Catalog().Resolve(ModelTask.FaceLandmarks, _folder.File(named));

        model.Name.ShouldBe("tiny");
        model.Licence.ShouldBe("MIT");
        model.Path.ShouldBe(_folder.File(named));
        model.Manifest.ShouldBeOfType<LandmarkManifest>();
        model.Graph.ShouldBeOfType<ModelFile>().FilePath.ShouldBe(_folder.File("tiny.onnx"));
        model.ExpectedSha256(model.Graph).ShouldBe(model.Manifest!.Files[0].Sha256);
    }

    [Fact]
    public void Resolve_MissingFile_NamesIt() =>
        Refusal(ModelTask.FaceDetection, "/a/b.onnx").ShouldBe("/a/b.onnx: no such model file");

    [Theory]
    [InlineData(ModelTask.FaceLandmarks, "face-landmarks")]
    [InlineData(ModelTask.FaceGeneration, "face-generation")]
    public void Resolve_NoManifest_SaysWhereItShouldBe(ModelTask task, string key)
    {
        var path = _folder.Write("mine.onnx");
        Refusal(task, path).ShouldBe($"{path}: a {key} model needs a manifest, and there is no {_folder.File("mine.json")}; name the manifest if it has another name");
    }

    [Fact]
    public void Resolve_WrongManifest_TellsEveryProblemInOneLine()
    {
        var path = TinyPackage.Write(_folder, manifest =>
        {
            manifest["depth"] = 3;
            manifest.Remove("card");
        });
        var problem = Refusal(ModelTask.FaceLandmarks, path);
        problem.ShouldStartWith($"{_folder.File("tiny.json")}: ");
        problem.ShouldContain("depth: unknown key; allowed ");
        problem.ShouldContain("card: is missing");
        problem.ShouldNotContain("\n");
    }

    [Fact]
    public void Resolve_ModelForAnotherTask_IsRefused()
    {
        var path = TinyPackage.Write(_folder);
        Refusal(ModelTask.FaceDetection, path).ShouldBe($"{_folder.File("tiny.json")}: a face-landmarks model; allowed face-detection");
    }

    [Fact]
    public void Resolve_ManifestOfAnotherFile_IsRefused()
    {
        var path = TinyPackage.Write(_folder, manifest => Rename(manifest, "other.onnx"));
        Refusal(ModelTask.FaceLandmarks, path).ShouldBe($"{_folder.File("tiny.json")}: does not list tiny.onnx");
    }

    [Fact]
    public void List_NothingInstalled_IsTheEmbeddedModelsAndTheyAreUsed()
    {
        var models = Catalog(_folder.Root).List();
        models.Select(model => model.Task).ShouldBe(["face-detection", "face-landmarks", "face-generation"]);
        models.ShouldAllBe(model => model.IsDefault && model.Path == null && model.Files.All(file => file.IsKnown && file.SizeBytes > 0));
    }

    [Fact]
    public void List_InstalledDetector_IsUsedInsteadOfTheEmbeddedOne()
    {
        var path = _folder.Write("yunet_s_dynamic.onnx", 1, 2, 3);
        var models = Catalog(_folder.Root).List().Where(model => model.Task == "face-detection").ToList();

        var installed = models[0];
        (installed.Name, installed.Licence, installed.Path, installed.IsDefault).ShouldBe(("yunet_s_dynamic.onnx", "MIT", path, true));
        installed.Files.ShouldBe([
            new ModelFileListing("yunet_s_dynamic.onnx", 3, "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81", IsKnown: false),
        ]);
        models.Skip(1).ShouldHaveSingleItem().IsDefault.ShouldBeFalse();
    }

    [Fact]
    public void List_PublishedFiles_AreRecognised()
    {
        var folder = Path.GetDirectoryName(SharedAssets.Model("yunet_n_dynamic.onnx"))!;
        var installed = Catalog(folder).List().Where(model => model.Path is not null).ToList();
        installed.Select(model => model.Name).ShouldBe(KnownDetector.All.Select(known => known.FileName));
        installed.ShouldAllBe(model => model.Files.Single().IsKnown);
        installed.Select(model => model.IsDefault).ShouldBe([true, false, false]);
    }

    private static ModelCatalog Catalog(params string[] folders) => new(new ModelFolders(folders));

    private static string Refusal(ModelTask task, string path)
    {
        var fault = Should.Throw<FaultException>(() => Catalog().Resolve(task, path));
        fault.Origin.ShouldBe(FaultOrigin.Configuration);
        return fault.Message;
    }

    private static void Rename(JsonObject manifest, string file)
    {
        foreach (var list in (string[])["files", "inputs", "outputs"])
        {
            manifest[list]![0]!["file"] = file;
        }
    }
}
