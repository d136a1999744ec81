using System.Diagnostics;
using System.Runtime.Intrinsics;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

/// <summary>Runs the kernel tests again in child processes that lack some instruction sets.</summary>
public sealed class HardwareLevelTests
{
    private const string LevelVariable = "FACEANON_TEST_HARDWARE_LEVEL";

    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    [InlineData("EnableHWIntrinsic")]
    public async Task Kernels_WithoutInstructionSet_PassTheSameTests(string level)
    {
        using var child = Process.Start(StartInfo(level))!;
        var errors = child.StandardError.ReadToEndAsync();
        var output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();

        child.ExitCode.ShouldBe(0, output + await errors);
        output.ShouldMatch(@"Total: \d{2,}, Errors: 0, Failed: 0, Skipped: 0");
    }

    [Fact]
    public void Level_AskedFor_TookEffect()
    {
        switch (Environment.GetEnvironmentVariable(LevelVariable))
        {
            case "EnableAVX512":
                Vector512.IsHardwareAccelerated.ShouldBeFalse();
                break;
            case "EnableAVX2":
                Vector256.IsHardwareAccelerated.ShouldBeFalse();
                System.Numerics.Vector<byte>.Count.ShouldBe(16);
                break;
            case "EnableHWIntrinsic":
                Vector128.IsHardwareAccelerated.ShouldBeFalse();
                System.Numerics.Vector.IsHardwareAccelerated.ShouldBeFalse();
                break;
            case null:
                Vector128.IsHardwareAccelerated.ShouldBeTrue();
                break;
            case var level:
                Assert.Fail($"unknown level {level}");
                break;
        }
    }

    private static ProcessStartInfo StartInfo(string level)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(HardwareLevelTests).Assembly.Location);
        start.ArgumentList.Add("-namespace");
        start.ArgumentList.Add(typeof(HardwareLevelTests).Namespace!);
        // A child starts no children of its own.
        start.ArgumentList.Add("-method-");
        start.ArgumentList.Add($"*.{nameof(Kernels_WithoutInstructionSet_PassTheSameTests)}");
        start.ArgumentList.Add("-noColor");
        start.Environment[LevelVariable] = level;
        start.Environment[$"DOTNET_{level}"] = "0";
        return start;
    }
}
