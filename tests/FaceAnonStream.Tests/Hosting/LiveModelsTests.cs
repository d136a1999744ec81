using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Tests.Inference;
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

    /// <summary>As after the loss of a GPU: whoever calls, every call fails.</summary>
    [Fact]
    public async Task Broken_DetectorFailsForAMinute_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var time = new Cli.ManualTime();
        var detector = folder.Write("tiny.onnx", TinyModels.FailsWhenRun().Read());
        await using var models = new LiveModels(
            new ModelCatalog(new ModelFolders([])), new ModelPaths(detector, null, null), keyPath: null, FaceAnonOptions.LiveDefaults, time);
        using var pool = new FramePool(Formats.Of(64, 64), 1);
        using var frame = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        var shared = await models.DetectorAsync();
        for (var second = 0; second <= 60; second += 20)
        {
            models.Broken.IsCompleted.ShouldBeFalse();
            await Should.ThrowAsync<FaultException>(async () => await shared.DetectAsync([frame], CancellationToken.None));
            time.Advance(TimeSpan.FromSeconds(20));
        }

        var fault = await Eventually.EndsAsync(models.Broken);
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldStartWith("the detector has failed at every call for 60 s: tiny.onnx: inference failed");
    }
}
