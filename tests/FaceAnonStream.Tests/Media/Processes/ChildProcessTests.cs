using FaceAnonStream.Faults;
using FaceAnonStream.Media.Processes;
using FaceAnonStream.Tests.Inference;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Processes;

public sealed class ChildProcessTests
{
    [Theory]
    [InlineData("no-such-program")]
    [InlineData("/no/such/no-such-program")]
    public void Start_MissingProgram_IsANodeFaultThatSaysWhatToDo(string program)
    {
        var fault = Should.Throw<FaultException>(() => ChildProcess.Start(program, [], TimeSpan.Zero, TimeProvider.System));
        fault.Origin.ShouldBe(FaultOrigin.Node);
        fault.Message.ShouldBe(
            $"{program} was not found: install it (Debian: apt-get install ffmpeg) or name its path in media.no-such-program");
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("kill -9 $$", 137)]
    public async Task Exit_AnyEnd_GivesTheCode(string script, int expected)
    {
        await using var child = Shell(script);
        (await child.ExitAsync(CancellationToken.None)).ShouldBe(expected);
    }

    [Fact]
    public async Task Exit_Cancelled_ThrowsAndLeavesTheChildAlone()
    {
        await using var child = Shell("read line; exit 5");
        using var cancel = new CancellationTokenSource();
        var exiting = child.ExitAsync(cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(exiting);
        child.Input.Close();
        (await child.ExitAsync(CancellationToken.None)).ShouldBe(5);
    }

    [Fact]
    public async Task Start_ArgumentsWithShellCharacters_ArriveAsTheyAre()
    {
        string[] arguments = ["%s\n", "a b", "$HOME; exit 1", "*", "'\""];
        await using var child = ChildProcess.Start("printf", arguments, TimeSpan.Zero, TimeProvider.System);
        using var reader = new StreamReader(child.Output);
        (await reader.ReadToEndAsync()).ShouldBe("a b\n$HOME; exit 1\n*\n'\"\n");
    }

    [Fact]
    public async Task ErrorLines_MegabytesOfLines_KeepsTheLast()
    {
        await using var child = Shell("seq 1 400000 >&2");
        await child.ExitAsync(CancellationToken.None);
        child.ErrorLines.ShouldBe(Enumerable.Range(399_981, 20).Select(number => $"{number}"));
    }

    [Fact]
    public async Task ErrorLines_OneEndlessLine_IsCut()
    {
        await using var child = Shell("head -c 4000000 /dev/zero | tr '\\0' a >&2; echo >&2; echo last >&2");
        await child.ExitAsync(CancellationToken.None);
        child.ErrorLines.ShouldBe(["…", "last"]);
    }

    [Fact]
    public async Task Reason_SilentChild_NamesProgramProcessAndExitCode()
    {
        await using var child = Shell("exit 9");
        var exitCode = await child.ExitAsync(CancellationToken.None);
        child.Reason(exitCode).ShouldBe($"sh (process {child.Id}) ended with exit code 9");
    }

    [Fact]
    public async Task Stop_ChildThatHeedsTheSignal_EndsByItself()
    {
        var time = new ManualTime();
        await using var child = Shell("trap 'exit 7' TERM; echo ready; while :; do sleep 0.02; done", time);
        await ReadyAsync(child);
        await child.StopAsync();
        (await child.ExitAsync(CancellationToken.None)).ShouldBe(7);
    }

    [Fact]
    public async Task Stop_ChildThatIgnoresTheSignal_IsKilledAfterTheGrace()
    {
        var time = new ManualTime();
        await using var child = Shell("trap '' TERM; echo ready; while :; do sleep 1; done", time);
        await ReadyAsync(child);
        var stopping = child.StopAsync();
        await time.Armed;
        stopping.IsCompleted.ShouldBeFalse();
        await time.RingAsync();
        await stopping;
        (await child.ExitAsync(CancellationToken.None)).ShouldBe(137);
    }

    [Fact]
    public async Task Stop_EndedChild_NeedsNoGrace()
    {
        var time = new ManualTime();
        await using var child = Shell("exit 4", time);
        await child.ExitAsync(CancellationToken.None);
        await child.StopAsync();
        await child.StopAsync();
        time.Armed.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Start_TakerFails_LeavesNoChild()
    {
        var id = 0;
        Should.Throw<InvalidDataException>(() => ChildProcess.Start<object>("sh", ["-c", "trap '' TERM; read line"], TimeSpan.FromMinutes(1), TimeProvider.System, child =>
        {
            id = child.Id;
            throw new InvalidDataException();
        }));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Directory.Exists($"/proc/{id}"))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    [Fact]
    public async Task Dispose_AnyChild_ClosesItsPipes()
    {
        var child = Shell("read line");
        string[] pipes = [.. Enumerable.Range(0, 3).Select(number => Target($"/proc/{child.Id}/fd/{number}"))];
        pipes.Except(OurFiles()).ShouldBeEmpty();
        await child.DisposeAsync();
        pipes.Intersect(OurFiles()).ShouldBeEmpty();
        await child.DisposeAsync();
    }

    private static IEnumerable<string> OurFiles() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(Target);

    private static string Target(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name ?? "";
        }
        catch (IOException)
        {
            // Closed meanwhile, as those of other tests are all the time.
            return "";
        }
    }

    private static ChildProcess Shell(string script, TimeProvider? time = null) =>
        ChildProcess.Start("sh", ["-c", script], TimeSpan.FromMinutes(1), time ?? TimeProvider.System);

    private static async Task ReadyAsync(ChildProcess child)
    {
        var buffer = new byte[6];
        await child.Output.ReadExactlyAsync(buffer);
        buffer.ShouldBe("ready\n"u8.ToArray());
    }
}
