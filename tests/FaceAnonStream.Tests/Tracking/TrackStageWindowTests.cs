using FaceAnonStream.Flow;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Tracking.TrackRig;

namespace FaceAnonStream.Tests.Tracking;

public class TrackStageWindowTests
{
    [Fact]
    public async Task Process_LookAhead_HoldsThatMuchTime()
    {
        await using var rig = new TrackRig(new TrackOptions { LookAheadMs = 400 });
        for (var i = 0; i < 10; i++)
        {
            (await rig.PushAsync(new Shot(i * 40, []))).ShouldBeEmpty();
        }

        for (var i = 10; i < 200; i++)
        {
            (await rig.PushAsync(new Shot(i * 40, []))).ShouldHaveSingleItem().Index.ShouldBe(i - 10);
        }

        (await rig.FlushAsync()).Count.ShouldBe(10);
        rig.Pool.LiveFrames.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Process_WindowFull_EmitsBeforeTheLookAheadIsReached(int maxWindowFrames)
    {
        await using var rig = new TrackRig(new TrackOptions { LookAheadMs = 10_000 }, maxWindowFrames);
        for (var i = 0; i < 40; i++)
        {
            await rig.PushAsync(new Shot(i * 40, [Face(100, 100)]));
            rig.Pool.LiveFrames.ShouldBe(Math.Min(i + 1, maxWindowFrames - 1));
        }
    }

    [Fact]
    public async Task Process_ZeroLookAhead_EmitsAtOnce()
    {
        await using var rig = new TrackRig(new TrackOptions { LookAheadMs = 0 });
        for (var i = 0; i < 10; i++)
        {
            var frame = (await rig.PushAsync(new Shot(i * 40, [Face(100 + i, 100)]))).ShouldHaveSingleItem();
            frame.Index.ShouldBe(i);
            frame.Faces.ShouldHaveSingleItem().Box.Holds(Face(100 + i, 100).Box).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Process_LongPause_EmitsEverythingBeforeIt()
    {
        await using var rig = new TrackRig(new TrackOptions { LookAheadMs = 2000 });
        await rig.PushAsync(new Shot(0, []));
        await rig.PushAsync(new Shot(40, []));
        (await rig.PushAsync(new Shot(60_000, []))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_FramesHeldBack_ReturnToThePool()
    {
        await using var rig = new TrackRig();
        await rig.PushAsync(new Shot(0, [Face(100, 100)]));
        await rig.PushAsync(new Shot(40, [Face(100, 100)]));
        rig.Pool.LiveFrames.ShouldBe(2);

        await rig.Stage.DisposeAsync();

        rig.Pool.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Process_OutputAbandoned_LeaksNoFrame()
    {
        await using var rig = new TrackRig(new TrackOptions { LookAheadMs = 80 });
        var output = new Link<TrackedFrame>(4);
        output.Abandon();
        await rig.Stage.ProcessAsync(await rig.FrameAsync(new Shot(0, [])), output, CancellationToken.None);
        await rig.Stage.ProcessAsync(await rig.FrameAsync(new Shot(40, [])), output, CancellationToken.None);
        var last = await rig.FrameAsync(new Shot(80, []));

        await Should.ThrowAsync<LinkAbandonedException>(
            () => rig.Stage.ProcessAsync(last, output, CancellationToken.None).AsTask());
        await rig.Stage.DisposeAsync();

        rig.Pool.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Process_CancelledWhileOutputIsFull_LeaksNoFrame()
    {
        await using var rig = new TrackRig(new TrackOptions { LookAheadMs = 0 });
        var output = new Link<TrackedFrame>(1);
        using var cancellation = new CancellationTokenSource();
        await rig.Stage.ProcessAsync(await rig.FrameAsync(new Shot(0, [])), output, cancellation.Token);
        var waiting = rig.Stage.ProcessAsync(await rig.FrameAsync(new Shot(40, [])), output, cancellation.Token).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await rig.Stage.DisposeAsync();
        output.Abandon();
        rig.Pool.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public void Constructor_NoRoomForOneFrame_IsRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new TrackStage(new TrackOptions(), 0));
    }
}
