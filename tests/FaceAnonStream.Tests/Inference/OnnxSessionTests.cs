using System.Security.Cryptography;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference;

public sealed class OnnxSessionTests
{
    private static readonly OnnxSessionOptions Cpu = new() { Provider = ProviderPreference.Cpu, Threads = 1 };

    [Fact]
    public async Task Run_Identity_GivesWhatTheInputHolds()
    {
        using var session = Load(TinyModels.Identity);
        for (var round = 0; round < 3; round++)
        {
            session.Input("input").Reshape(1, 3, 32, 32).Fill(round);
            using var outputs = await session.RunAsync(["same"], TimeSpan.FromMinutes(1), CancellationToken.None);
            outputs[0].GetTensorDataAsSpan<float>().ToArray().ShouldAllBe(value => value == round);
        }
    }

    [Fact]
    public async Task Run_OtherShapesAndOutputs_BindsThemAnew()
    {
        var model = new BytesModel("two.onnx", OnnxBuilder.Model(OnnxBuilder.Graph(
            [OnnxBuilder.Node("Neg", ["input"], ["minus"]), OnnxBuilder.Node("Identity", ["input"], ["same"])],
            [],
            [OnnxBuilder.Value("input", OnnxBuilder.Float, -1, 2)],
            [OnnxBuilder.Value("same", OnnxBuilder.Float, -1, 2), OnnxBuilder.Value("minus", OnnxBuilder.Float, -1, 2)])));
        using var session = Load(model);
        session.Input("input").Reshape(1, 2).Fill(3);
        using var first = await session.RunAsync(["minus", "same"], TimeSpan.FromMinutes(1), CancellationToken.None);
        session.Input("input").Reshape(4, 2).Fill(5);
        using var second = await session.RunAsync(["same"], TimeSpan.FromMinutes(1), CancellationToken.None);
        session.Input("input").Reshape(1, 2).Fill(7);
        using var third = await session.RunAsync(["same", "minus"], TimeSpan.FromMinutes(1), CancellationToken.None);

        first.Select(output => output.GetTensorDataAsSpan<float>().ToArray()).ShouldBe([[-3, -3], [3, 3]], "a later call leaves it alone");
        second.ShouldHaveSingleItem().GetTensorDataAsSpan<float>().ToArray().ShouldBe([5, 5, 5, 5, 5, 5, 5, 5]);
        third.Select(output => output.GetTensorDataAsSpan<float>().ToArray()).ShouldBe([[7, 7], [-7, -7]]);
    }

    [Fact]
    public async Task Run_InputNotWritten_SaysWhich()
    {
        using var session = Load(TinyModels.Identity);
        (await Should.ThrowAsync<InvalidOperationException>(
            () => session.RunAsync(["same"], TimeSpan.FromMinutes(1), CancellationToken.None))).Message.ShouldBe("input input was not written");
    }

    [Fact]
    public void Load_Model_SaysWhatItIsAndWhereItRuns()
    {
        using var session = Load(TinyModels.Identity);
        session.Model.Name.ShouldBe("identity.onnx");
        session.Model.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(TinyModels.Identity.Read())));
        session.Model.Provider.ShouldBe("CPU");
    }

    [Fact]
    public void Load_AutoWithoutCuda_FallsBackToTheCpu()
    {
        Assert.SkipWhen(OnnxRuntime.HasCudaProvider(), "this build carries the CUDA provider");
        using var session = OnnxSession.Load(TinyModels.Identity, new OnnxSessionOptions(), TimeProvider.System);
        session.Model.Provider.ShouldBe("CPU");
        session.FallbackReason.ShouldBeNull();
    }

    [Fact]
    public void Load_CudaDemandedWithoutCuda_SaysSo()
    {
        Assert.SkipWhen(OnnxRuntime.HasCudaProvider(), "this build carries the CUDA provider");
        var fault = Should.Throw<FaultException>(() => OnnxSession.Load(
            TinyModels.Identity, new OnnxSessionOptions { Provider = ProviderPreference.Cuda }, TimeProvider.System));
        fault.Origin.ShouldBe(FaultOrigin.Node);
        fault.Message.ShouldStartWith("CUDA does not work here (");
        fault.Message.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no protobuf")]
    public void Load_NoModel_IsOneLine(string content)
    {
        var source = new BytesModel("notes.onnx", System.Text.Encoding.UTF8.GetBytes(content));
        var fault = Should.Throw<FaultException>(() => Load(source));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldStartWith("notes.onnx: not an ONNX model that ONNX Runtime can load (");
        fault.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Load_MissingFile_IsAConfigurationFault()
    {
        var fault = Should.Throw<FaultException>(() => Load(new ModelFile("/nowhere/net.onnx")));
        fault.Origin.ShouldBe(FaultOrigin.Configuration);
        fault.Message.ShouldBe("/nowhere/net.onnx: no such model file");
    }

    [Fact]
    public void Load_Folder_IsAConfigurationFault() =>
        Should.Throw<FaultException>(() => Load(new ModelFile(Path.GetTempPath()))).Origin.ShouldBe(FaultOrigin.Configuration);

    [Fact]
    public async Task Run_WrongInputShape_IsAModelFault()
    {
        using var session = Load(TinyModels.Identity);
        session.Input("input").Reshape(1, 3, 32, 64).Clear();
        var fault = await Should.ThrowAsync<FaultException>(
            async () => await session.RunAsync(["same"], TimeSpan.FromMinutes(1), CancellationToken.None));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldStartWith("identity.onnx: inference failed (");
        fault.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Reshape_SameShape_KeepsTheMemory()
    {
        using var session = Load(TinyModels.Identity);
        var input = session.Input("input");
        input.Reshape(2, 8).Fill(7);
        input.Reshape(2, 8)[15].ShouldBe(7);
        input.Reshape(3, 4).Length.ShouldBe(12);
        Should.Throw<ArgumentOutOfRangeException>(() => input.Reshape(0, 4).Length);
    }

    [Fact]
    public async Task Dispose_Twice_DoesNothingAndNothingRunsAfterwards()
    {
        var session = Load(TinyModels.Identity);
        session.Dispose();
        session.Dispose();
        await Should.ThrowAsync<ObjectDisposedException>(
            async () => await session.RunAsync(["same"], TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    private static OnnxSession Load(ModelSource source) => OnnxSession.Load(source, Cpu, TimeProvider.System);
}
