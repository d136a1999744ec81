using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

public sealed class LiveModelsTests
{
    [Fact]
    public async Task Load_CauseOfAFailureIsGone_Succeeds()
    {
        using var folder = new TemporaryFolder();
        var (key, detector) = (folder.File("house.key"), folder.File("detector.onnx"));
        await using var models = new LiveModels(
            new ModelCatalog(new ModelFolders([])), new ModelPaths(detector, null, null), key, FaceAnonOptions.LiveDefaults, TimeProvider.System);
        await Should.ThrowAsync<FaultException>(models.SynthesisAsync);
        await Should.ThrowAsync<FaultException>(models.DetectorAsync);

        folder.Write("house.key", [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        folder.Write("detector.onnx", await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "src/FaceAnonStream.Models/detector/detector.onnx")));

        (await models.SynthesisAsync()).Models.ShouldNotBeEmpty();
        (await models.DetectorAsync()).Model.Name.ShouldBe("detector.onnx");
    }
}
