using FaceAnonStream.Faults;
using FaceAnonStream.Generation;
using FaceAnonStream.Inference.Generation;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Generation;

public sealed class FaceBatcherTests : IDisposable
{
    private readonly CropPool _crops = new(8);

    public void Dispose() => _crops.LiveCrops.ShouldBe(0);

    [Fact]
    public async Task Draw_WaitingFaces_AreDrawnTogether()
    {
        var lane = new ScriptedLane();
        var batcher = Batcher(maxFaces: 3, lane);
        var first = DrawAsync(batcher, 1);
        await lane.CalledAsync();
        var others = Enumerable.Range(2, 5).Select(face => DrawAsync(batcher, face)).ToList();
        lane.Go(3);
        (await first).ShouldBe(10);
        (await Task.WhenAll(others)).ShouldBe([20, 30, 40, 50, 60]);
        lane.Batches.ShouldBe(["1", "2 3 4", "5 6"]);
        await EndAsync(batcher);
        lane.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task Draw_TwoStreams_ShareABatch()
    {
        var lane = new ScriptedLane();
        var batcher = Batcher(maxFaces: 8, lane);
        var first = DrawAsync(batcher, 1);
        await lane.CalledAsync();
        var oneStream = Task.Run(() => Task.WhenAll(DrawAsync(batcher, 2), DrawAsync(batcher, 3)));
        var otherStream = Task.Run(() => Task.WhenAll(DrawAsync(batcher, 4), DrawAsync(batcher, 5)));
        while (_crops.LiveCrops < 6)
        {
            await Task.Yield();
        }

        lane.Go(5);
        await first;
        ((await oneStream)[1], (await otherStream)[0]).ShouldBe((30, 40));
        lane.Batches.Count.ShouldBeLessThan(5);
        await EndAsync(batcher);
    }

    [Fact]
    public async Task Draw_LoneFace_WaitsSoLongForOthers()
    {
        var time = new ManualTime();
        var lane = new ScriptedLane();
        var batcher = new FaceBatcher([lane], new BatchLimits(4, TimeSpan.FromMilliseconds(2)), _crops, 1, time);
        lane.Go(2);
        var drawn = DrawAsync(batcher, 1);
        await time.Armed;
        lane.Batches.ShouldBeEmpty();
        await time.RingAsync();
        (await drawn).ShouldBe(10);
        lane.Batches.ShouldBe(["1"]);
        await EndAsync(batcher);
    }

    [Fact]
    public async Task Draw_BatchIsFull_WaitsNoLonger()
    {
        var time = new ManualTime();
        var lane = new ScriptedLane();
        var batcher = new FaceBatcher([lane], new BatchLimits(2, TimeSpan.FromMilliseconds(2)), _crops, 1, time);
        lane.Go(2);
        var first = DrawAsync(batcher, 1);
        await time.Armed;
        (await Task.WhenAll(first, DrawAsync(batcher, 2))).ShouldBe([10, 20]);
        lane.Batches.ShouldBe(["1 2"]);
        await EndAsync(batcher);
    }

    [Fact]
    public async Task Draw_PoisonedFace_FailsAlone()
    {
        var lane = new ScriptedLane(poison: 3);
        var batcher = Batcher(maxFaces: 4, lane);
        var first = DrawAsync(batcher, 1);
        await lane.CalledAsync();
        var others = Enumerable.Range(2, 3).Select(face => DrawAsync(batcher, face)).ToList();
        lane.Go(9);
        await first;
        (await others[0], await others[2]).ShouldBe((20, 40));
        (await Should.ThrowAsync<FaultException>(others[1])).Message.ShouldBe("poisoned");
        lane.Batches.ShouldBe(["1", "2 3 4", "2", "3", "4"]);
        await EndAsync(batcher);
    }

    [Fact]
    public async Task Draw_Timeout_IsNotRepeatedForEveryFace()
    {
        var lane = new ScriptedLane(poison: 3, fault: new FaultException(FaultOrigin.Model, "too long", new TimeoutException()));
        var batcher = Batcher(maxFaces: 4, lane);
        var first = DrawAsync(batcher, 1);
        await lane.CalledAsync();
        var others = Enumerable.Range(2, 2).Select(face => DrawAsync(batcher, face)).ToList();
        lane.Go(9);
        await first;
        foreach (var face in others)
        {
            (await Should.ThrowAsync<FaultException>(face)).Message.ShouldBe("too long");
        }

        lane.Batches.ShouldBe(["1", "2 3"]);
        await EndAsync(batcher);
    }

    [Fact]
    public async Task Draw_CancelledWhileItWaits_IsLeftOut()
    {
        using var cancellation = new CancellationTokenSource();
        var lane = new ScriptedLane();
        var batcher = Batcher(maxFaces: 4, lane);
        var first = DrawAsync(batcher, 1);
        await lane.CalledAsync();
        var cancelled = DrawAsync(batcher, 2, cancellation.Token);
        var last = DrawAsync(batcher, 3);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        lane.Go(9);
        (await first, await last).ShouldBe((10, 30));
        lane.Batches.ShouldBe(["1", "3"]);
        await EndAsync(batcher);
    }

    [Fact]
    public async Task Draw_CancelledWhileItIsDrawn_GivesUpAtOnceAndLeavesTheOthers()
    {
        using var cancellation = new CancellationTokenSource();
        var lane = new ScriptedLane();
        var batcher = Batcher(maxFaces: 1, lane);
        var cancelled = DrawAsync(batcher, 1, cancellation.Token);
        await lane.CalledAsync();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        lane.Go(9);
        (await DrawAsync(batcher, 2)).ShouldBe(20);
        await EndAsync(batcher);
    }

    [Fact]
    public async Task Dispose_FacesWaitingAndDrawn_TellsThemAll()
    {
        var lane = new ScriptedLane();
        var batcher = Batcher(maxFaces: 1, lane);
        var faces = Enumerable.Range(1, 6).Select(face => DrawAsync(batcher, face)).ToList();
        await lane.CalledAsync();
        batcher.Dispose();
        foreach (var face in faces)
        {
            await Should.ThrowAsync<ObjectDisposedException>(face);
        }

        await Should.ThrowAsync<ObjectDisposedException>(DrawAsync(batcher, 7));
        await batcher.Ended;
        lane.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task Draw_SeveralLanes_WorkSideBySide()
    {
        ScriptedLane[] lanes = [new(), new()];
        var batcher = Batcher(maxFaces: 1, lanes);
        var faces = Task.WhenAll(DrawAsync(batcher, 1), DrawAsync(batcher, 2));
        await Task.WhenAll(lanes.Select(lane => lane.CalledAsync()));
        Array.ForEach(lanes, lane => lane.Go(1));
        (await faces).ShouldBe([10, 20]);
        await EndAsync(batcher);
    }

    [Fact]
    public async Task Draw_NoMemoryForTheResult_FailsThatFaceAndTheNextAndStillEnds()
    {
        var lane = new ScriptedLane();
        var batcher = new FaceBatcher([lane], new BatchLimits(1, TimeSpan.Zero), _crops, outputLength: int.MaxValue, TimeProvider.System);
        foreach (var face in (int[])[1, 2])
        {
            await Should.ThrowAsync<OutOfMemoryException>(DrawAsync(batcher, face).WaitAsync(TimeSpan.FromSeconds(30)));
        }

        await EndAsync(batcher);
        lane.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task Draw_GatheringFails_FailsThatFaceAndDrawsTheNext()
    {
        var lane = new ScriptedLane();
        var batcher = new FaceBatcher([lane], new BatchLimits(4, TimeSpan.FromMilliseconds(2)), _crops, 1, new TimeWithoutMemory());
        lane.Go(1);
        await Should.ThrowAsync<OutOfMemoryException>(DrawAsync(batcher, 1).WaitAsync(TimeSpan.FromSeconds(30)));
        (await DrawAsync(batcher, 2).WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(20);
        await EndAsync(batcher);
    }

    private FaceBatcher Batcher(int maxFaces, params ScriptedLane[] lanes) =>
        new(lanes, new BatchLimits(maxFaces, TimeSpan.Zero), _crops, outputLength: 1, TimeProvider.System);

    private async Task<float> DrawAsync(FaceBatcher batcher, float face, CancellationToken ct = default)
    {
        var input = _crops.Rent(1);
        input.Values.Span[0] = face;
        using var output = await batcher.DrawAsync(input, ct);
        return output.Values.Span[0];
    }

    private static async Task EndAsync(FaceBatcher batcher)
    {
        batcher.Dispose();
        await batcher.Ended;
    }

    /// <summary>Finds no memory for its first timer.</summary>
    private sealed class TimeWithoutMemory : TimeProvider
    {
        private int _timers;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Interlocked.Increment(ref _timers) == 1 ? throw new OutOfMemoryException() : base.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>Gives ten times what it is given, once for each leave to go; a batch with the poisoned face fails.</summary>
    private sealed class ScriptedLane(float poison = 0, FaultException? fault = null) : IFaceLane
    {
        private readonly SemaphoreSlim _go = new(0);
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Batches { get; } = [];

        public bool IsDisposed { get; private set; }

        public Task CalledAsync() => _called.Task;

        public void Go(int times) => _go.Release(times);

        public async Task RunAsync(IReadOnlyList<ReadOnlyMemory<float>> inputs, IReadOnlyList<Memory<float>> outputs, CancellationToken ct)
        {
            float[] faces = [.. inputs.Select(input => input.Span[0])];
            Batches.Add(string.Join(' ', faces));
            _called.TrySetResult();
            await _go.WaitAsync(ct);
            if (faces.Contains(poison))
            {
                throw fault ?? new FaultException(FaultOrigin.Model, "poisoned");
            }

            for (var i = 0; i < faces.Length; i++)
            {
                outputs[i].Span[0] = 10 * faces[i];
            }
        }

        public void Dispose()
        {
            IsDisposed = true;
            _go.Dispose();
        }
    }
}
