using FaceAnonStream.Inference;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference;

public sealed class SharedLanesTests
{
    [Fact]
    public async Task Run_MoreCallersThanLanes_UsesNoLaneTwiceAtATimeAndAnswersEachItsOwn()
    {
        var busy = new int[3];
        var shared = new SharedLanes<int, int, int>([0, 1, 2], 4, (_, _) => true, async (lane, inputs, _) =>
        {
            Interlocked.Increment(ref busy[lane]).ShouldBe(1);
            await Task.Yield();
            Interlocked.Decrement(ref busy[lane]);
            return [.. inputs.Select(input => input * 10)];
        });
        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => shared.RunAsync(i, CancellationToken.None))));
        results.ShouldBe(Enumerable.Range(0, 500).Select(i => i * 10));
    }

    [Fact]
    public async Task Run_OneBadInput_FailsAlone()
    {
        using var rig = new Rig(maxBatch: 8);
        rig.Fails = inputs => inputs.Contains(2) ? new InvalidOperationException("two") : null;
        var calls = rig.Ask(0, 1, 2, 3);
        rig.Open();
        (await calls[1]).ShouldBe(1);
        (await calls[3]).ShouldBe(3);
        (await Should.ThrowAsync<InvalidOperationException>(() => calls[2])).Message.ShouldBe("two");
        rig.Batches.ShouldBe(["0", "1,2,3", "1", "2", "3"]);
    }

    [Fact]
    public async Task Run_Timeout_IsNotPaidAgainForEachInput()
    {
        using var rig = new Rig(maxBatch: 8);
        rig.Fails = inputs => inputs.Contains(2) ? new InvalidOperationException("late", new TimeoutException()) : null;
        var calls = rig.Ask(0, 1, 2, 3);
        rig.Open();
        await calls[0];
        foreach (var call in calls[1..])
        {
            await Should.ThrowAsync<InvalidOperationException>(() => call);
        }

        rig.Batches.ShouldBe(["0", "1,2,3"]);
    }

    [Fact]
    public async Task Run_CancelledWhileWaiting_LeavesAtOnceAndIsNeverLookedAt()
    {
        using var rig = new Rig(maxBatch: 8);
        using var change = new CancellationTokenSource();
        var first = rig.Ask(0)[0];
        var second = rig.Shared.RunAsync(1, change.Token);
        await change.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        first.IsCompleted.ShouldBeFalse();
        rig.Open();
        await first;
        rig.Batches.ShouldBe(["0"]);
    }

    [Fact]
    public async Task Run_CancelledWhileTakenAlong_ReturnsOnlyWhenTheLaneHasLetGo()
    {
        using var rig = new Rig(maxBatch: 8);
        using var change = new CancellationTokenSource();
        var first = rig.Ask(0)[0];
        var leader = rig.Ask(1)[0];
        var follower = rig.Shared.RunAsync(2, change.Token);
        rig.OpenOne();
        await first;
        await rig.Entered(2);
        await change.CancelAsync();
        (await Task.WhenAny(follower, Task.Delay(100))).ShouldNotBe(follower, "the lane still reads its input");
        rig.Open();
        (await leader).ShouldBe(1);

        // Whether it ends with its answer or with the cancellation is a race that either may win.
        await Task.WhenAny(follower);
        rig.Batches.ShouldBe(["0", "1,2"]);
    }

    [Fact]
    public async Task Run_LaneFails_TheOtherOneIsNext()
    {
        var used = new List<int>();
        var shared = new SharedLanes<int, int, int>([0, 1], 1, (_, _) => false, (lane, inputs, _) =>
        {
            used.Add(lane);
            return lane == 0 ? throw new InvalidOperationException("hung") : ValueTask.FromResult(inputs);
        });
        await Should.ThrowAsync<InvalidOperationException>(() => shared.RunAsync(1, CancellationToken.None));
        (await shared.RunAsync(2, CancellationToken.None)).ShouldBe(2);
        used.ShouldBe([0, 1]);
    }

    [Fact]
    public async Task Run_GatheringFails_FailsThoseGatheredAndTheLaneServesTheNext()
    {
        using var rig = new Rig(maxBatch: 8, (_, other) => other == 2 ? throw new OutOfMemoryException() : true);
        var calls = rig.Ask(0, 1, 3, 2);
        rig.Open();
        (await calls[0]).ShouldBe(0);
        await Should.ThrowAsync<OutOfMemoryException>(() => calls[1].WaitAsync(TimeSpan.FromSeconds(30)));
        await Should.ThrowAsync<OutOfMemoryException>(() => calls[2].WaitAsync(TimeSpan.FromSeconds(30)));
        (await calls[3].WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(2);
    }

    /// <summary>One lane that answers when it is opened.</summary>
    private sealed class Rig : IDisposable
    {
        private readonly SemaphoreSlim _open = new(0);
        private readonly SemaphoreSlim _entered = new(0);

        public Rig(int maxBatch, Func<int, int, bool>? fits = null) =>
            Shared = new SharedLanes<int, int, int>([0], maxBatch, fits ?? ((_, _) => true), RunAsync);

        public SharedLanes<int, int, int> Shared { get; }

        public List<string> Batches { get; } = [];

        public Func<IReadOnlyList<int>, Exception?> Fails { get; set; } = _ => null;

        public Task<int>[] Ask(params int[] inputs) => [.. inputs.Select(input => Shared.RunAsync(input, CancellationToken.None))];

        public void Open() => _open.Release(100);

        public void OpenOne() => _open.Release();

        /// <summary>Waits until the lane was called so often.</summary>
        public async Task Entered(int calls)
        {
            for (var i = 0; i < calls; i++)
            {
                await _entered.WaitAsync();
            }
        }

        public void Dispose()
        {
            _open.Dispose();
            _entered.Dispose();
        }

        private async ValueTask<IReadOnlyList<int>> RunAsync(int lane, IReadOnlyList<int> inputs, CancellationToken ct)
        {
            Batches.Add(string.Join(',', inputs));
            _entered.Release();
            await _open.WaitAsync(CancellationToken.None);
            return Fails(inputs) is { } failure ? throw failure : inputs;
        }
    }
}
