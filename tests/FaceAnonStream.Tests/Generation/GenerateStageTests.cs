using FaceAnonStream.Alignment;
using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Generation;

public sealed class GenerateStageTests
{
    private static readonly object Failed = FallbackReason.ModelFailure;

    [Fact]
    public async Task Process_Faces_AreDrawnInTheirPlaces()
    {
        await using var rig = new GenerateRig();
        var drawn = await rig.RunAsync([1, 2], [], [2, -1], [3]);
        drawn.Select(frame => frame.Faces).ShouldBe([[1, 2], [], [2, FallbackReason.UnusableLandmarks], [3]]);
        ShouldHaveCounted(rig.Stage, drawn: 4, failed: 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Process_SlowGenerator_HoldsSoManyFramesBack(int framesInFlight)
    {
        var slow = new TaskCompletionSource();
        await using var rig = new GenerateRig(new GenerateOptions { FramesInFlight = framesInFlight }, _ => slow.Task);
        await rig.Stage.OpenAsync(CancellationToken.None);
        for (var i = 0; i < framesInFlight - 1; i++)
        {
            await rig.Stage.ProcessAsync(await rig.FrameAsync(i, [1]), rig.Output, CancellationToken.None);
        }

        rig.Output.Count.ShouldBe(0);
        var full = rig.Stage.ProcessAsync(await rig.FrameAsync(framesInFlight - 1, [1]), rig.Output, CancellationToken.None).AsTask();
        full.IsCompleted.ShouldBeFalse();
        slow.SetResult();
        await full;
        await rig.Stage.FlushAsync(rig.Output, CancellationToken.None);
        rig.Output.Count.ShouldBe(framesInFlight);
    }

    [Fact]
    public async Task Process_FramesThatAreReady_DoNotWaitForLaterOnes()
    {
        await using var rig = new GenerateRig(new GenerateOptions { FramesInFlight = 8 });
        await rig.Stage.OpenAsync(CancellationToken.None);
        await rig.Stage.ProcessAsync(await rig.FrameAsync(0, [1]), rig.Output, CancellationToken.None);
        rig.Output.Count.ShouldBe(1);
    }

    /// <summary>Whatever the generator finishes first, and whatever fails: same frames, same faces, same reasons.</summary>
    [Fact]
    public void Process_AnyOrderOfAnswers_GivesTheSame() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed => ShouldNotDependOnTimingAsync(seed).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public async Task Process_OneFaceFails_ItsTrackHasAMosaicForAWhile()
    {
        await using var rig = new GenerateRig(
            new GenerateOptions { RecoverMs = 300 },
            asked => asked is { Track: 2, Frame: 1 } ? Task.FromException(GenerateRig.NoLuck) : Task.CompletedTask);
        var drawn = await rig.RunAsync([1, 2], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2]);
        drawn.Select(frame => frame.Faces).ShouldBe([[1, 2], [1, Failed], [1, Failed], [1, Failed], [1, 2], [1, 2]]);
        ShouldHaveCounted(rig.Stage, drawn: 9, failed: 1, new FailureCount("no luck", 1));
    }

    [Fact]
    public async Task Process_EverythingFails_LeavesTheGeneratorAloneAndGoesOn()
    {
        var broken = true;
        await using var rig = new GenerateRig(
            new GenerateOptions { RecoverMs = 500, MaxConsecutiveFailures = 3, FramesInFlight = 1 },
            asked => asked.Frame < 6 && broken ? Task.FromException(GenerateRig.NoLuck) : Task.CompletedTask);
        int[][] frames = [[1, 2, 3], [4], [4], [4], [4], [4], [4], [4]];
        var drawn = await rig.RunAsync(frames);

        // Frame 0 fails three times; track 4, which never failed, is spared until frame 5, fails there, and is drawn 500 ms later.
        drawn.Take(7).SelectMany(frame => frame.Faces).ShouldAllBe(face => face.Equals(Failed));
        rig.Generator.Calls.Select(asked => asked.Frame).ShouldBe([0, 0, 0, 5]);
        (rig.Stage.Counts.Failed, rig.Stage.Counts.Pauses, rig.Failures).ShouldBe((4, 2, 4));
    }

    [Fact]
    public async Task Process_GeneratorWorksAgain_DrawsAgain()
    {
        await using var rig = new GenerateRig(
            new GenerateOptions { RecoverMs = 200, MaxConsecutiveFailures = 2, FramesInFlight = 1 },
            asked => asked.Frame == 0 ? Task.FromException(GenerateRig.NoLuck) : Task.CompletedTask);
        var drawn = await rig.RunAsync([1, 2], [1, 3], [1, 3], [1, 3]);
        drawn.Select(frame => frame.Faces).ShouldBe([[Failed, Failed], [Failed, Failed], [1, 3], [1, 3]]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Process_GeneratorThrowsAnything_CoversThatFace(bool atOnce)
    {
        Exception[] thrown = [new InvalidOperationException("unforeseen"), new OperationCanceledException("from within")];
        await using var rig = new GenerateRig(draw: asked => asked.Track > thrown.Length
            ? Task.CompletedTask
            : atOnce ? throw thrown[asked.Track - 1] : Task.FromException(thrown[asked.Track - 1]));
        (await rig.RunAsync([1, 2, 3]))[0].Faces.ShouldBe([Failed, Failed, 3]);
    }

    [Fact]
    public async Task Process_PolicyFails_CoversThatTrackAndAsksAgainLater()
    {
        var fails = true;
        var policy = new NumberPolicy(track => track == 1 && fails ? throw GenerateRig.NoLuck : new IdentityLatent(new float[] { track }));
        await using var rig = new GenerateRig(new GenerateOptions { RecoverMs = 200, FramesInFlight = 1 }, asked =>
        {
            fails = asked.Frame < 1;
            return Task.CompletedTask;
        }, policy);
        var drawn = await rig.RunAsync([1, 2], [1, 2], [1, 2]);
        drawn.Select(frame => frame.Faces).ShouldBe([[Failed, 2], [Failed, 2], [1, 2]]);
        policy.Assigned.ShouldBe([1, 2, 1]);
    }

    [Fact]
    public async Task Process_FrameThatBecomesSolid_IsNotDrawn()
    {
        await using var rig = new GenerateRig();
        await rig.Stage.OpenAsync(CancellationToken.None);
        await rig.Stage.ProcessAsync(await rig.FrameAsync(0, [1], failure: "nobody looked"), rig.Output, CancellationToken.None);
        using var frame = await rig.Output.ReceiveAsync(CancellationToken.None);
        frame!.Failure.ShouldBe("nobody looked");
        frame.Drawings.ShouldBeEmpty();
        rig.Generator.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Process_TrackThroughManyFrames_IsAssignedOnceAndReleasedAtItsEnd()
    {
        await using var rig = new GenerateRig();
        await rig.Stage.OpenAsync(CancellationToken.None);
        await rig.Stage.ProcessAsync(await rig.FrameAsync(0, [1, 2]), rig.Output, CancellationToken.None);
        await rig.Stage.ProcessAsync(await rig.FrameAsync(1, [2], ended: [7]), rig.Output, CancellationToken.None);
        await rig.Stage.ProcessAsync(await rig.FrameAsync(2, [1, 2]), rig.Output, CancellationToken.None);
        rig.Policy.Released.ShouldBeEmpty("track 7 never had an identity");
        await rig.Stage.ProcessAsync(await rig.FrameAsync(3, [2], ended: [1]), rig.Output, CancellationToken.None);
        (await rig.DrainAsync()).Count.ShouldBe(4);
        rig.Policy.Assigned.ShouldBe([1, 2]);
        rig.Generator.Followed.ShouldBe(2);
        rig.Policy.Released.ShouldBe([1]);
    }

    [Fact]
    public async Task Process_PolicyFindsABetterIdentity_FadesToIt()
    {
        await using var rig = new GenerateRig(new GenerateOptions { CrossFadeMs = 200, FramesInFlight = 1 });
        rig.Policy.Refined[1] = new IdentityLatent(new float[] { 3 });
        await rig.RunAsync([1], [1], [1], [1]);
        rig.Generator.Calls.Select(asked => asked.Latent).ShouldBe([1, 1, 2, 3]);
    }

    [Fact]
    public async Task Process_CancelledWhileDrawing_ReturnsEveryLease()
    {
        using var cancellation = new CancellationTokenSource();
        await using var rig = new GenerateRig(
            new GenerateOptions { FramesInFlight = 2 },
            asked => asked.Track == 1 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, asked.Token));
        var input = new Link<AlignedFrame>(4);
        await input.SendAsync(await rig.FrameAsync(0, [1, 2]), CancellationToken.None);
        await input.SendAsync(await rig.FrameAsync(1, [2, 1]), CancellationToken.None);
        var running = StageRunner.RunAsync(rig.Stage, input, rig.Output, cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
        (rig.Frames.LiveFrames, rig.Crops.LiveCrops).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Process_OutputAbandoned_ReturnsEveryLease()
    {
        await using var rig = new GenerateRig();
        rig.Output.Abandon();
        await Should.ThrowAsync<LinkAbandonedException>(rig.RunAsync([1], [1, 2], [3]));
        (rig.Frames.LiveFrames, rig.Crops.LiveCrops).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Dispose_WhileDrawing_StopsTheGeneratorAndReturnsEveryLease()
    {
        await using var rig = new GenerateRig(draw: asked => Task.Delay(Timeout.Infinite, asked.Token));
        await rig.Stage.OpenAsync(CancellationToken.None);
        await rig.Stage.ProcessAsync(await rig.FrameAsync(0, [1]), rig.Output, CancellationToken.None);
        rig.Frames.LiveFrames.ShouldBe(1);
        await rig.Stage.DisposeAsync();
        rig.Frames.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Process_AlignmentsDoNotMatchTheFaces_IsADefect()
    {
        await using var rig = new GenerateRig();
        var good = await rig.FrameAsync(0, [1, 2]);
        var fault = await Should.ThrowAsync<FaultException>(async () =>
            await rig.Stage.ProcessAsync(new AlignedFrame(good.Tracked, [good.Faces[0]]), rig.Output, CancellationToken.None));
        (fault.Origin, fault.Message).ShouldBe((FaultOrigin.Defect, "1 alignments came for 2 faces"));
    }

    private static void ShouldHaveCounted(GenerateStage stage, long drawn, long failed, params FailureCount[] failures)
    {
        (stage.Counts.Drawn, stage.Counts.Failed, stage.Counts.Pauses).ShouldBe((drawn, failed, 0));
        stage.Counts.Failures.ShouldBe(failures);
    }

    private static async Task ShouldNotDependOnTimingAsync(int seed)
    {
        var random = new SplitMix64((ulong)seed);
        int[][] frames = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(1, 3).Where(_ => random.NextBelow(4) > 0).ToArray())];
        var bad = Enumerable.Range(0, 12 * 4).Where(_ => random.NextBelow(5) == 0).ToHashSet();
        var options = new GenerateOptions { RecoverMs = 250, MaxConsecutiveFailures = 3, FramesInFlight = 5 };
        Task Answer(Asked asked) => bad.Contains((int)(asked.Frame * 4) + asked.Track) ? Task.FromException(GenerateRig.NoLuck) : Task.CompletedTask;

        await using var prompt = new GenerateRig(options with { FramesInFlight = 1 }, Answer);
        var expected = await prompt.RunAsync(frames);

        var waiting = new List<(TaskCompletionSource Go, Asked Asked)>();
        await using var slow = new GenerateRig(options, asked =>
        {
            var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (waiting)
            {
                waiting.Add((go, asked));
            }

            return go.Task.ContinueWith(_ => Answer(asked), TaskScheduler.Default).Unwrap();
        });
        var running = slow.RunAsync(frames);
        while (!running.IsCompleted)
        {
            lock (waiting)
            {
                if (waiting.Count > 0)
                {
                    var next = random.NextBelow(waiting.Count);
                    waiting[next].Go.SetResult();
                    waiting.RemoveAt(next);
                }
            }

            await Task.Yield();
        }

        (await running).Select(frame => string.Join(' ', frame.Faces)).ShouldBe(expected.Select(frame => string.Join(' ', frame.Faces)));
        slow.Stage.Counts.ShouldBeEquivalentTo(prompt.Stage.Counts);
    }
}
