using FaceAnonStream.Flow;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Flow;

public sealed class LinkTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Construct_CapacityBelowOne_Throws(int capacity) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Link<Item>(capacity));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Send_FullLink_WaitsForRoom(int capacity)
    {
        var link = new Link<Item>(capacity);
        for (var i = 0; i < capacity; i++)
        {
            link.SendAsync(new Item(i), None).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        }

        var waiting = link.SendAsync(new Item(capacity), None).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        link.Count.ShouldBe(capacity);
        (await link.ReceiveAsync(None))!.Number.ShouldBe(0);
        await waiting;
        link.Count.ShouldBe(capacity);
    }

    [Fact]
    public async Task Receive_AfterCompletion_GivesItemsInOrderThenNull()
    {
        var link = new Link<Item>(2);
        Item[] items = [new(1), new(2)];
        await link.SendAsync(items[0], None);
        await link.SendAsync(items[1], None);
        link.Complete();
        (await link.ReceiveAsync(None)).ShouldBeSameAs(items[0]);
        (await link.ReceiveAsync(None)).ShouldBeSameAs(items[1]);
        (await link.ReceiveAsync(None)).ShouldBeNull();
        items.ShouldAllBe(item => item.Disposals == 0);
    }

    [Fact]
    public async Task Receive_FaultedLink_GivesQueuedItemsFirst()
    {
        var link = new Link<Item>(2);
        var fault = new InvalidOperationException("writer's fault");
        await link.SendAsync(new Item(1), None);
        link.Complete(fault);
        link.Complete(new InvalidOperationException("too late"));
        (await link.ReceiveAsync(None))!.Number.ShouldBe(1);
        (await Should.ThrowAsync<InvalidOperationException>(async () => await link.ReceiveAsync(None))).ShouldBeSameAs(fault);
    }

    [Fact]
    public async Task Receive_Cancelled_Throws()
    {
        var link = new Link<Item>(1);
        using var cancel = new CancellationTokenSource();
        var receiving = link.ReceiveAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(receiving);
    }

    [Fact]
    public async Task Abandon_QueuedAndWaitingItems_AreDisposedAndTheWriterFails()
    {
        var link = new Link<Item>(1);
        Item[] items = [new(1), new(2)];
        await link.SendAsync(items[0], None);
        var waiting = link.SendAsync(items[1], None).AsTask();
        link.Abandon();
        await Should.ThrowAsync<LinkAbandonedException>(waiting);
        items.ShouldAllBe(item => item.Disposals == 1);
        link.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Send_AbandonedLink_DisposesAndThrows()
    {
        var link = new Link<Item>(1);
        link.Abandon();
        var item = new Item(1);
        await Should.ThrowAsync<LinkAbandonedException>(async () => await link.SendAsync(item, None));
        item.Disposals.ShouldBe(1);
    }

    [Fact]
    public async Task Send_CompletedLink_DisposesAndDoesNotBlameTheReader()
    {
        var link = new Link<Item>(1);
        link.Complete();
        var item = new Item(1);
        var exception = await Should.ThrowAsync<Exception>(async () => await link.SendAsync(item, None));
        exception.ShouldNotBeOfType<LinkAbandonedException>();
        item.Disposals.ShouldBe(1);
    }

    [Fact]
    public async Task Send_CancelledWhileWaiting_DisposesOnlyItsItem()
    {
        var link = new Link<Item>(1);
        Item[] items = [new(1), new(2)];
        using var cancel = new CancellationTokenSource();
        await link.SendAsync(items[0], cancel.Token);
        var waiting = link.SendAsync(items[1], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        items.Select(item => item.Disposals).ShouldBe([0, 1]);
        (await link.ReceiveAsync(None)).ShouldBeSameAs(items[0]);
    }

    /// <summary>Whatever the reader's last step meets, nothing leaks and nothing is disposed twice.</summary>
    [Fact]
    public async Task Abandon_WhileWriterSends_DisposesEveryItemOnce()
    {
        for (var round = 0; round < 300; round++)
        {
            var link = new Link<Item>(2);
            List<Item> sent = [];
            var writing = Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    var item = new Item(i);
                    sent.Add(item);
                    await link.SendAsync(item, None);
                }
            });
            for (var i = 0; i < round % 5; i++)
            {
                (await link.ReceiveAsync(None))!.Dispose();
            }

            link.Abandon();
            await Should.ThrowAsync<LinkAbandonedException>(writing);
            sent.ShouldAllBe(item => item.Disposals == 1);
        }
    }
}
