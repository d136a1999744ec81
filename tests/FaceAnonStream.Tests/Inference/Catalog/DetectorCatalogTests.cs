using FaceAnonStream.Faults;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Catalog;

public sealed class DetectorCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faceanon-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void FromEnvironment_Variable_ReplacesTheDefaults() =>
        Folders(("FACEANON_MODELS", "/a:/b::"), ("HOME", "/home/x")).ShouldBe(["/a", "/b"]);

    [Fact]
    public void FromEnvironment_DataHome_ComesBeforeTheWorkingFolder() =>
        Folders(("XDG_DATA_HOME", "/data"), ("HOME", "/home/x")).ShouldBe(["/data/faceanon/models", "models"]);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative")]
    public void FromEnvironment_NoUsableDataHome_TakesTheUsersShare(string? dataHome) =>
        Folders(("XDG_DATA_HOME", dataHome), ("HOME", "/home/x")).ShouldBe(["/home/x/.local/share/faceanon/models", "models"]);

    [Fact]
    public void FromEnvironment_NoHome_TakesTheWorkingFolder() => Folders().ShouldBe(["models"]);

    [Fact]
    public void Resolve_NothingInstalled_SaysWhereItLookedAndWhatToDo()
    {
        var fault = Should.Throw<FaultException>(() => DetectorCatalog.Resolve(null, new ModelFolders(["/a", "/b"])));
        fault.Origin.ShouldBe(FaultOrigin.Configuration);
        fault.Message.ShouldBe(
            "no face detector is installed: put yunet_n_dynamic.onnx (from ShiqiYu/libfacedetection.train) into one of the "
            + "folders /a, /b, set FACEANON_MODELS to the folder that holds it, or name the file");
    }

    [Fact]
    public void Resolve_MissingFile_NamesIt() =>
        Should.Throw<FaultException>(() => DetectorCatalog.Resolve("/a/b.onnx", new ModelFolders([_folder])))
            .Message.ShouldBe("/a/b.onnx: no such model file");

    [Fact]
    public void Resolve_SeveralInstalled_TakesTheMostPreferred()
    {
        Install("face_detection_yunet_2023mar.onnx");
        DetectorCatalog.Resolve(null, new ModelFolders(["/none", _folder])).Name.ShouldBe("face_detection_yunet_2023mar.onnx");
        Install("yunet_n_dynamic.onnx");
        DetectorCatalog.Resolve(null, new ModelFolders(["/none", _folder])).Name.ShouldBe("yunet_n_dynamic.onnx");
    }

    [Fact]
    public void Resolve_File_IsTakenUnderAnyName()
    {
        var path = Install("mine.onnx");
        DetectorCatalog.Resolve(path, new ModelFolders([])).ShouldBeOfType<ModelFile>().FilePath.ShouldBe(path);
    }

    [Fact]
    public void Installed_ChangedFile_IsNotThePublishedOne()
    {
        var path = Install("yunet_s_dynamic.onnx");
        var model = DetectorCatalog.Installed(new ModelFolders([_folder])).ShouldHaveSingleItem();
        model.ShouldBe(new InstalledModel(
            "yunet_s_dynamic.onnx",
            path,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            IsPublished: false,
            "MIT",
            "face-detection"));
    }

    [Fact]
    public void Installed_PublishedFiles_AreRecognised()
    {
        var folder = Path.GetDirectoryName(SharedAssets.Model("yunet_n_dynamic.onnx"))!;
        var models = DetectorCatalog.Installed(new ModelFolders([folder]));
        models.Select(model => model.Name).ShouldBe(DetectorCatalog.Known.Select(known => known.FileName));
        models.ShouldAllBe(model => model.IsPublished);
    }

    private static IReadOnlyList<string> Folders(params (string Name, string? Value)[] variables) =>
        ModelFolders.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value).Paths;

    private string Install(string name)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, []);
        return path;
    }
}
