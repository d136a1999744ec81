using FaceAnonStream.Flow;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Flow;

public sealed class StageRunnerTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Link<Item> _input = new(4);
    private readonly Link<Item> _output = new(8);

    [Fact]
    public async Task Run_InputEnds_OpensProcessesFlushesDisposes()
    {
        var stage = new ScriptedStage();
        await SendAsync(2);
        _input.Complete();
        await StageRunner.RunAsync(stage, _input, _output, None);
        stage.Calls.ShouldBe(["open", "process 0", "process 1", "flush", "dispose"]);
        (await DrainAsync()).ShouldBe([0, 1, -1]);
    }

    [Theory]
    [InlineData("open", new int[0], "open,dispose")]
    [InlineData("process 1", new[] { 0 }, "open,process 0,process 1,dispose")]
    [InlineData("flush", new[] { 0, 1, 2 }, "open,process 0,process 1,process 2,flush,dispose")]
    public async Task Run_StageFails_CompletesOutputWithTheFaultAndAbandonsInput(string failAt, int[] emitted, string calls)
    {
        var stage = new ScriptedStage(failAt);
        var items = await SendAsync(3);
        _input.Complete();
        var fault = await Should.ThrowAsync<InvalidOperationException>(() => StageRunner.RunAsync(stage, _input, _output, None));
        fault.Message.ShouldBe(ScriptedStage.FaultOf(failAt).Message);
        string.Join(',', stage.Calls).ShouldBe(calls);
        (await ReceiveAsync(emitted.Length)).ShouldBe(emitted);
        (await Should.ThrowAsync<InvalidOperationException>(async () => await _output.ReceiveAsync(None))).ShouldBeSameAs(fault);
        items.Skip(emitted.Length).ShouldAllBe(item => item.Disposals == 1);
    }

    [Fact]
    public async Task Run_StageFails_WriterFindsItsLinkAbandoned()
    {
        await SendAsync(1);
        await Should.ThrowAsync<InvalidOperationException>(
            () => StageRunner.RunAsync(new ScriptedStage("process 0"), _input, _output, None));
        await Should.ThrowAsync<LinkAbandonedException>(async () => await _input.SendAsync(new Item(1), None));
    }

    [Fact]
    public async Task Run_InputFaulted_PassesTheFaultOnWithoutFlush()
    {
        var stage = new ScriptedStage();
        var fault = new InvalidOperationException("from upstream");
        await SendAsync(1);
        _input.Complete(fault);
        (await Should.ThrowAsync<InvalidOperationException>(() => StageRunner.RunAsync(stage, _input, _output, None))).ShouldBeSameAs(fault);
        stage.Calls.ShouldBe(["open", "process 0", "dispose"]);
        (await ReceiveAsync(1)).ShouldBe([0]);
        (await Should.ThrowAsync<InvalidOperationException>(async () => await _output.ReceiveAsync(None))).ShouldBeSameAs(fault);
    }

    [Fact]
    public async Task Run_OutputAbandoned_StopsAndDisposesTheRest()
    {
        var stage = new ScriptedStage();
        var items = await SendAsync(3);
        _output.Abandon();
        await Should.ThrowAsync<LinkAbandonedException>(() => StageRunner.RunAsync(stage, _input, _output, None));
        stage.Calls.ShouldBe(["open", "process 0", "dispose"]);
        items.ShouldAllBe(item => item.Disposals == 1);
    }

    [Fact]
    public async Task Run_Cancelled_DisposesTheStageAndThrowsUnwrapped()
    {
        var stage = new ScriptedStage();
        using var cancel = new CancellationTokenSource();
        var running = StageRunner.RunAsync(stage, _input, _output, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
        await Should.ThrowAsync<OperationCanceledException>(async () => await _output.ReceiveAsync(None));
        stage.Calls.ShouldBe(["open", "dispose"]);
    }

    [Fact]
    public async Task Run_DisposeFailsToo_ReportsTheFirstFault()
    {
        var stage = new ScriptedStage("process 0") { DisposeFault = new InvalidOperationException("dispose failed") };
        await SendAsync(1);
        var fault = await Should.ThrowAsync<InvalidOperationException>(() => StageRunner.RunAsync(stage, _input, _output, None));
        fault.Message.ShouldBe("process 0 failed");
        (await Should.ThrowAsync<InvalidOperationException>(async () => await _output.ReceiveAsync(None))).ShouldBeSameAs(fault);
    }

    [Fact]
    public async Task Run_OnlyDisposeFails_ReportsItToBothSides()
    {
        var stage = new ScriptedStage { DisposeFault = new InvalidOperationException("dispose failed") };
        _input.Complete();
        (await Should.ThrowAsync<InvalidOperationException>(() => StageRunner.RunAsync(stage, _input, _output, None))).ShouldBeSameAs(stage.DisposeFault);
        (await ReceiveAsync(1)).ShouldBe([-1]);
        (await Should.ThrowAsync<InvalidOperationException>(async () => await _output.ReceiveAsync(None))).ShouldBeSameAs(stage.DisposeFault);
    }

    private async Task<Item[]> SendAsync(int count)
    {
        Item[] items = [.. Enumerable.Range(0, count).Select(number => new Item(number))];
        foreach (var item in items)
        {
            await _input.SendAsync(item, None);
        }

        return items;
    }

    private async Task<List<int>> ReceiveAsync(int count)
    {
        List<int> numbers = [];
        while (numbers.Count < count)
        {
            numbers.Add((await _output.ReceiveAsync(None))!.Number);
        }

        return numbers;
    }

    private async Task<List<int>> DrainAsync()
    {
        List<int> numbers = [];
        while (await _output.ReceiveAsync(None) is { } item)
        {
            numbers.Add(item.Number);
        }

        return numbers;
    }
}
