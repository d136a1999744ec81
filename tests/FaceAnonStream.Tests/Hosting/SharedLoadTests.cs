using FaceAnonStream.Hosting.Streams;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

public sealed class SharedLoadTests
{
    [Fact]
    public async Task Get_ManyAtOnce_LoadOnceAndShare()
    {
        var loads = 0;
        var loading = new TaskCompletionSource<MemoryStream>();
        var shared = new SharedLoad<MemoryStream>(() =>
        {
            Interlocked.Increment(ref loads);
            return loading.Task;
        });
        var asked = Enumerable.Range(0, 20).Select(_ => Task.Run(shared.GetAsync)).ToList();
        using var model = new MemoryStream();
        loading.SetResult(model);
        (await Eventually.EndsAsync(Task.WhenAll(asked))).ShouldAllBe(got => got == model);
        loads.ShouldBe(1);
        await shared.DisposeAsync();
        model.CanRead.ShouldBeFalse();
    }

    [Fact]
    public async Task Get_AfterAFailure_TriesAgainOnce()
    {
        var loads = 0;
        await using var shared = new SharedLoad<MemoryStream>(
            () => Interlocked.Increment(ref loads) == 1 ? throw new IOException("no key") : Task.FromResult(new MemoryStream()));
        (await Should.ThrowAsync<IOException>(shared.GetAsync)).Message.ShouldBe("no key");
        var asked = await Eventually.EndsAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(shared.GetAsync))));
        asked.Distinct().ShouldHaveSingleItem();
        loads.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_NeverLoadedOrFailed_IsQuiet()
    {
        await new SharedLoad<MemoryStream>(() => throw new IOException("never asked for")).DisposeAsync();
        var failed = new SharedLoad<MemoryStream>(() => throw new IOException("no key"));
        await Should.ThrowAsync<IOException>(failed.GetAsync);
        await failed.DisposeAsync();
    }
}
