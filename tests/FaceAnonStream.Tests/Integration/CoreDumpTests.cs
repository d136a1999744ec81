using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Media.Live;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Integration;

/// <summary>What a crash leaves behind.</summary>
public sealed class CoreDumpTests
{
    /// <summary>Soft and hard: so little is never written, whatever the system does with dumps.</summary>
    private const string NoDump = @"(?m)^Max core file size +1 +1 +bytes *$";

    [Fact]
    public async Task Run_ProgramAndChildren_MayWriteNoMemoryToDisk()
    {
        using var folder = new TemporaryFolder();
        using var process = Faceanon.Start("demo", folder.Root, "--duration", "60");
        IReadOnlyList<int> children;
        while ((children = Children.Of(folder.Root)).Count == 0)
        {
            process.HasExited.ShouldBeFalse("the demo ended before it could be looked at");
            await Task.Delay(50);
        }

        foreach (var id in children.Append(process.Id))
        {
            (await File.ReadAllTextAsync($"/proc/{id}/limits")).ShouldMatch(NoDump);
        }

        await Command.RunAsync("sh", "-c", $"kill -s INT {process.Id}");
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
    }
}
