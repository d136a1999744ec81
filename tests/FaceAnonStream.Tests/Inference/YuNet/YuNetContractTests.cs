using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.YuNet;

/// <summary>Models that are not what they should be.</summary>
public sealed class YuNetContractTests
{
    [Fact]
    public void Construct_OtherModel_ListsEveryOutputThatIsMissing() => ShouldBeRefused(
        TinyModels.Identity,
        "identity.onnx is not a YuNet face detector: it lacks output cls_8, obj_8, bbox_8, kps_8, cls_16, obj_16, bbox_16, "
        + "kps_16, cls_32, obj_32, bbox_32, kps_32");

    [Theory]
    [InlineData(new[] { 1, 1, 32, 32 }, "1, 1, 32, 32")]
    [InlineData(new[] { 4, 3, 32, 32 }, "4, 3, 32, 32")]
    [InlineData(new[] { 1, 3, 32, 40 }, "1, 3, 32, 40")]
    [InlineData(new[] { 1, 3, 32, -1 }, "1, 3, 32, -1")]
    [InlineData(new[] { 1, 32, 32 }, "1, 32, 32")]
    public void Construct_OtherInput_IsRefused(int[] shape, string description) => ShouldBeRefused(
        TinyModels.Constant(input: shape),
        $"tiny.onnx is not a YuNet face detector: its input is float [{description}]; "
        + "allowed float [1 or free, 3, height, width], both free or multiples of 32");

    [Theory]
    [InlineData("cls_8", float.NaN)]
    [InlineData("kps_32", float.PositiveInfinity)]
    [InlineData("bbox_16", float.NegativeInfinity)]
    public async Task Detect_OutputNotFinite_IsAModelFault(string output, float value) =>
        (await FaultOfAsync(TinyModels.Constant(output, value))).ShouldBe("tiny.onnx: the detector gave values that are not finite");

    [Fact]
    public async Task Detect_OutputOfAnotherSize_IsAModelFault() =>
        (await FaultOfAsync(TinyModels.Constant(extraCells: 1))).ShouldBe("tiny.onnx: output cls_8 has 17 values; expected 16");

    [Fact]
    public async Task Detect_ModelFailsWhenRun_IsAModelFault() =>
        (await FaultOfAsync(TinyModels.FailsWhenRun())).ShouldStartWith("tiny.onnx: inference failed (");

    [Fact]
    public async Task Detect_NothingScores_FindsNothing()
    {
        using var detector = Detector(TinyModels.Constant());
        using var grey = await Pictures.GreyAsync(32, 32);
        (await detector.DetectAsync(grey.Frames, CancellationToken.None)).ShouldHaveSingleItem().ShouldBeEmpty();
    }

    [Fact]
    public async Task Detect_ModelHangs_TimesOut()
    {
        var time = new ManualTime();
        using var detector = Detector(TinyModels.Hangs(), time);
        using var grey = await Pictures.GreyAsync(32, 32);
        var call = detector.DetectAsync(grey.Frames, CancellationToken.None).AsTask();
        await time.RingAsync();
        (await Should.ThrowAsync<FaultException>(call)).Message.ShouldBe("tiny.onnx: inference took longer than 15000 ms");
    }

    [Fact]
    public async Task Detect_CancelledWhileTheModelHangs_IsCancelled()
    {
        var time = new ManualTime();
        using var detector = Detector(TinyModels.Hangs(), time);
        using var grey = await Pictures.GreyAsync(32, 32);
        using var cancellation = new CancellationTokenSource();
        var call = detector.DetectAsync(grey.Frames, cancellation.Token).AsTask();
        await time.Armed;
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
    }

    private static void ShouldBeRefused(ModelSource source, string message)
    {
        var fault = Should.Throw<FaultException>(() => Detector(source).Dispose());
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe(message);
    }

    private static async Task<string> FaultOfAsync(ModelSource source)
    {
        using var detector = Detector(source);
        using var grey = await Pictures.GreyAsync(32, 32);
        var fault = await Should.ThrowAsync<FaultException>(
            async () => await detector.DetectAsync(grey.Frames, CancellationToken.None));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        return fault.Message;
    }

    private static YuNetDetector Detector(ModelSource source, TimeProvider? time = null) =>
        new(source, new DetectOptions { Threads = 1 }, ProviderPreference.Cpu, time);
}
