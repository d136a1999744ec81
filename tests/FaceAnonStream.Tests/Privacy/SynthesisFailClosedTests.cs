using FaceAnonStream.Alignment;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Alignment;
using FaceAnonStream.Tests.Generation;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>
/// P1 while faces are replaced: whatever the models do, no original face pixel reaches the sink, nothing leaks, and a job
/// ends badly only where its source, its sink or the user ends it. The rig checks the first two in every test.
/// </summary>
public sealed class SynthesisFailClosedTests
{
    private const int All = SynthesisRig.FrameCount;
    private static readonly FallbackCounts None = new(0, 0, 0, 0, 0, 0);

    [Theory]
    [InlineData(PrivacyLevel.Strong)]
    [InlineData(PrivacyLevel.Natural)]
    public async Task Run_NothingFails_DrawsEveryFace(PrivacyLevel privacy)
    {
        var result = await new SynthesisRig { Privacy = privacy }.RunAsync();
        result.Faces.ByLevel.Synthetic.ShouldBe(All);
        result.Faces.Fallbacks.ShouldBe(None);
        result.Failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("not finite")]
    [InlineData("unsure in no number")]
    [InlineData("no answer")]
    [InlineData("fewer points")]
    [InlineData("cancels from within")]
    public async Task Run_LandmarksAlwaysFail_GivesMosaics(string kind)
    {
        var result = await new SynthesisRig().Reading((_, _) => SynthesisFaults.Reading(kind)).RunAsync();
        result.Faces.ByLevel.Mosaic.ShouldBe(All);
        result.Faces.Fallbacks.ShouldBe(None with { ModelFailure = All });
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("cancels from within")]
    public async Task Run_LandmarksFailForAWhile_GivesMosaicsThatLong(string kind)
    {
        var result = await new SynthesisRig()
            .Reading((frame, _) => frame.Index is >= 20 and < 30 ? SynthesisFaults.Reading(kind) : Task.FromResult(SynthesisRig.Good))
            .RunAsync();
        result.Faces.Fallbacks.ShouldBe(None with { ModelFailure = 10 });
        result.Faces.ByLevel.Synthetic.ShouldBe(All - 10);
    }

    /// <summary>The net is sure of itself and wrong: what it found is not the face that must go.</summary>
    [Theory]
    [InlineData(40, 0, 36)]
    [InlineData(0, -30, 36)]
    [InlineData(0, 0, 8)]
    [InlineData(10, 12, 20)]
    public async Task Run_LandmarksOfSomethingElse_LeaveTheFaceCovered(int right, int down, int size)
    {
        var elsewhere = AlignRig.Reading(new Pose(NoiseFace.Box.CenterX + right, NoiseFace.Box.CenterY + down, size));
        var result = await new SynthesisRig().Reading((_, _) => Task.FromResult<IReadOnlyList<LandmarkReading>>([elsewhere])).RunAsync();
        result.Faces.ByLevel.Mosaic.ShouldBe(All);
        result.Faces.Fallbacks.ShouldBe(None with { Uncovered = All });
    }

    [Fact]
    public async Task Run_PolicyFails_GivesMosaics()
    {
        var result = await new SynthesisRig { Policy = new NumberPolicy(_ => throw GenerateRig.NoLuck) }.RunAsync();
        result.Faces.ByLevel.Mosaic.ShouldBe(All);
        result.Faces.Fallbacks.ShouldBe(None with { ModelFailure = All });
    }

    [Theory]
    [InlineData("throws at once", PrivacyLevel.Natural)]
    [InlineData("throws later", PrivacyLevel.Natural)]
    [InlineData("cancels from within", PrivacyLevel.Natural)]
    [InlineData("wrong size", PrivacyLevel.Natural)]
    [InlineData("square nowhere", PrivacyLevel.Strong)]
    [InlineData("empty square", PrivacyLevel.Strong)]
    public async Task Run_GeneratorAlwaysFails_GivesMosaics(string kind, PrivacyLevel privacy)
    {
        var rig = new SynthesisRig { Privacy = privacy };
        var result = await rig.Drawing((_, drawing, _) => SynthesisFaults.DrawingAsync(rig, kind, drawing)).RunAsync();
        result.Faces.ByLevel.Mosaic.ShouldBe(All);
        result.Faces.Fallbacks.ShouldBe(None with { ModelFailure = All });
    }

    /// <summary>What is drawn does not hide the face: only the veil of the strong level would.</summary>
    [Theory]
    [InlineData("mask of nothing")]
    [InlineData("mask too thin")]
    [InlineData("mask not finite")]
    [InlineData("square nowhere")]
    [InlineData("empty square")]
    [InlineData("beside the face")]
    public async Task Run_DrawingHidesNothing_GivesMosaicsAtNaturalLevel(string kind)
    {
        var rig = new SynthesisRig { Privacy = PrivacyLevel.Natural };
        var result = await rig.Drawing((_, drawing, _) => SynthesisFaults.DrawingAsync(rig, kind, drawing)).RunAsync();
        result.Faces.ByLevel.Mosaic.ShouldBe(All);
        result.Faces.Fallbacks.ShouldBe(None with { Uncovered = All });
    }

    [Theory]
    [InlineData("mask of nothing")]
    [InlineData("mask too thin")]
    [InlineData("mask not finite")]
    [InlineData("beside the face")]
    public async Task Run_DrawingHidesNothing_IsHarmlessAtStrongLevel(string kind)
    {
        var rig = new SynthesisRig { Privacy = PrivacyLevel.Strong };
        var result = await rig.Drawing((_, drawing, _) => SynthesisFaults.DrawingAsync(rig, kind, drawing)).RunAsync();
        result.Faces.ByLevel.Synthetic.ShouldBe(All);
    }

    [Theory]
    [InlineData(PrivacyLevel.Strong, float.NaN)]
    [InlineData(PrivacyLevel.Natural, float.NaN)]
    [InlineData(PrivacyLevel.Natural, float.PositiveInfinity)]
    [InlineData(PrivacyLevel.Natural, -1e30f)]
    public async Task Run_FaceOfImpossibleValues_LetsNothingThrough(PrivacyLevel privacy, float value)
    {
        var rig = new SynthesisRig { Privacy = privacy };
        await rig.Drawing((_, drawing, _) => Task.FromResult(rig.Instead(drawing, value: value))).RunAsync();
        rig.Sink.Frames.Count.ShouldBe(All);
    }

    [Fact]
    public async Task Run_BlendThrows_FallsToTheNextRung()
    {
        var mosaic = new CellFieldCover(OutcomeKind.Mosaic, new RedactOptions(), default);
        var result = await new SynthesisRig { Ladder = new RedactionLadder([new BrokenBlend(), mosaic], default) }.RunAsync();
        result.Faces.ByLevel.Mosaic.ShouldBe(All);
        result.Faces.Fallbacks.ShouldBe(None with { ModelFailure = All });
        result.Failures.ShouldBe([new FailureCount("Synthetic failed: injected blend fault", All)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(59)]
    public async Task Run_SourceFails_ReportsItAndCompletesNothing(int frame)
    {
        var rig = new SynthesisRig { SourceFailsAt = frame };
        (await Should.ThrowAsync<FaultException>(() => rig.RunAsync())).Message.ShouldBe("injected source fault");
        rig.Sink.IsComplete.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public async Task Run_SinkFails_ReportsItAndCompletesNothing(int frame)
    {
        var rig = new SynthesisRig { Sink = new MemorySink(failAt: frame) };
        (await Should.ThrowAsync<FaultException>(() => rig.RunAsync())).Message.ShouldBe("injected sink fault");
        rig.Sink.IsComplete.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(30, false)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(59, true)]
    public async Task Run_CancelledWhileLandmarksAreRead_CompletesNothing(int index, bool hangs)
    {
        using var cancellation = new CancellationTokenSource();
        var rig = new SynthesisRig().Reading(async (frame, ct) =>
        {
            await EndAsync(frame.Index == index, hangs, cancellation, ct);
            return SynthesisRig.Good;
        });
        await Should.ThrowAsync<OperationCanceledException>(() => rig.RunAsync(cancellation.Token));
        rig.Sink.IsComplete.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(30, false)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(59, true)]
    public async Task Run_CancelledWhileFacesAreDrawn_CompletesNothing(int index, bool hangs)
    {
        using var cancellation = new CancellationTokenSource();
        var rig = new SynthesisRig().Drawing(async (frame, drawing, ct) =>
        {
            try
            {
                await EndAsync(frame == index, hangs, cancellation, ct);
                return drawing;
            }
            catch
            {
                drawing.Dispose();
                throw;
            }
        });
        await Should.ThrowAsync<OperationCanceledException>(() => rig.RunAsync(cancellation.Token));
        rig.Sink.IsComplete.ShouldBeFalse();
    }

    /// <summary>The user loses patience, whether or not the model answers.</summary>
    private static async Task EndAsync(bool now, bool hangs, CancellationTokenSource cancellation, CancellationToken ct)
    {
        if (now)
        {
            await cancellation.CancelAsync();
            await (hangs ? Task.Delay(Timeout.Infinite, ct) : Task.CompletedTask);
        }
    }

    private sealed class BrokenBlend : IFaceCover
    {
        public OutcomeKind Kind => OutcomeKind.Synthetic;

        public void Cover(VideoFrame frame, in TrackedFace face, FaceDrawing? drawing) => throw new InvalidOperationException("injected blend fault");
    }
}
