using FaceAnonStream.Media.Processes;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Processes;

public sealed class ChildPipeTests
{
    /// <summary>More than the largest pipe holds.</summary>
    private const int Large = 4 << 20;

    [Fact]
    public async Task Read_LargeBuffer_WaitsForAllOfIt()
    {
        await using var child = Shell($"head -c {Large} /dev/zero | tr '\\0' x");
        await using var pipe = child.OpenPictureOutput();
        var buffer = new byte[Large];
        (await pipe.ReadAsync(buffer)).ShouldBe(Large);
        buffer.AsSpan().IndexOfAnyExcept((byte)'x').ShouldBe(-1);
    }

    [Fact]
    public async Task Read_EndInTheMiddle_IsShortThenZero()
    {
        await using var child = Shell("head -c 200000 /dev/zero");
        await using var pipe = child.OpenPictureOutput();
        var buffer = new byte[Large];
        (await pipe.ReadAsync(buffer)).ShouldBe(200_000);
        (await pipe.ReadAsync(buffer)).ShouldBe(0);
        (await child.ExitAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Read_SmallBuffer_TakesWhatThereIs()
    {
        await using var child = Shell("printf abc; read line");
        await using var pipe = child.OpenPictureOutput();
        (await pipe.ReadAsync(new byte[1000])).ShouldBe(3);
        child.Input.Close();
    }

    [Fact]
    public async Task Write_Large_ArrivesWhole()
    {
        await using var child = Shell("wc -c");
        var pipe = child.OpenPictureInput();
        await pipe.WriteAsync(new byte[Large]);
        await pipe.DisposeAsync();
        using var reader = new StreamReader(child.Output);
        (await reader.ReadToEndAsync()).Trim().ShouldBe($"{Large}");
    }

    [Fact]
    public async Task Write_ToADeadChild_IsAnIOException()
    {
        await using var child = Shell("exit 0");
        await using var pipe = child.OpenPictureInput();
        await child.ExitAsync(CancellationToken.None);
        await Should.ThrowAsync<IOException>(async () => await pipe.WriteAsync(new byte[Large]));
    }

    [Fact]
    public async Task Read_CancelledWhileBlocked_EndsTheChild()
    {
        await using var child = Shell("cat");
        await using var pipe = child.OpenPictureOutput();
        using var cancel = new CancellationTokenSource();
        var reading = pipe.ReadAsync(new byte[Large], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(reading);
        (await child.ExitAsync(CancellationToken.None)).ShouldBe(137);
    }

    [Fact]
    public async Task Write_CancelledWhileBlocked_EndsTheChild()
    {
        await using var child = Shell("exec sleep 600");
        await using var pipe = child.OpenPictureInput();
        using var cancel = new CancellationTokenSource();
        var writing = pipe.WriteAsync(new byte[Large], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(writing);
        (await child.ExitAsync(CancellationToken.None)).ShouldBe(137);
    }

    [Fact]
    public async Task Read_AfterDispose_Throws()
    {
        await using var child = Shell("exit 0");
        var pipe = child.OpenPictureOutput();
        await pipe.DisposeAsync();
        await pipe.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(async () => await pipe.ReadExactlyAsync(new byte[1]));
    }

    private static ChildProcess Shell(string script) =>
        ChildProcess.Start("sh", ["-c", script], TimeSpan.FromMinutes(1), TimeProvider.System);
}
