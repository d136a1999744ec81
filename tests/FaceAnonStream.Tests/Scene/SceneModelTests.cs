using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Faults;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Scene;

public sealed class SceneModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_GeneratorInAFolder_TakesItsGallery() =>
        SceneModel.Of(Installed(gallery => gallery)).Gallery.Count.ShouldBeGreaterThan(100);

    [Fact]
    public void Of_GalleryThatTheManifestDoesNotDescribe_IsRefused()
    {
        var fault = Should.Throw<FaultException>(() => SceneModel.Of(Installed(gallery => [.. gallery, (byte)' '])));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldStartWith("gallery.json: its SHA-256 is ");
    }

    /// <summary>A copy of the embedded generator with another gallery.</summary>
    private CatalogModel Installed(Func<byte[], byte[]> change)
    {
        var catalog = new ModelCatalog(new ModelFolders([]));
        var embedded = catalog.Resolve(ModelTask.FaceGeneration, null);
        var gallery = ((GenerationManifest)embedded.Manifest!).Template.Gallery;
        foreach (var file in embedded.Files)
        {
            _folder.Write(file.FileName, file.FileName == gallery ? change(file.Read()) : file.Read());
        }

        var manifest = $"{embedded.Name}.json";
        File.WriteAllText(_folder.File(manifest), embedded.Manifest!.ToJson().ToJsonString());
        return catalog.Resolve(ModelTask.FaceGeneration, _folder.File(manifest));
    }
}
