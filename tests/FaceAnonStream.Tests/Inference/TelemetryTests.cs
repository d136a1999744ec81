using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference;

/// <summary>Nothing about a user's machine is collected: ONNX Runtime's official builds do so unless they are told not to.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly TemporaryFolder _output = new();

    public void Dispose()
    {
        _home.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task Run_FreshHome_LeavesNoDeviceIdAndNoUsageRecords()
    {
        var clip = await TestClips.GetAsync("one.mp4");
        using var program = Faceanon.StartAtHome(_home.Root, "run", clip, _output.File("out.mkv"));
        var output = program.StandardOutput.ReadToEndAsync();
        var error = program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync();
        program.ExitCode.ShouldBe(0, await output + await error);

        Directory.EnumerateFileSystemEntries(_home.Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_home.Root, path))
            .ShouldBeEmpty();
    }
}
