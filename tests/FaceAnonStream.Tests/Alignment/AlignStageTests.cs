using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Alignment.AlignRig;

namespace FaceAnonStream.Tests.Alignment;

/// <summary>What is read, what falls and why, and what becomes of frames.</summary>
public sealed class AlignStageTests
{
    private static readonly Pose Still = new(100, 100);

    /// <summary>Every frame by itself.</summary>
    private static readonly AlignOptions Alone = new() { SmoothingMs = 0, MotionSmoothingMs = 0, BridgeMs = 0, RecoverMs = 0 };

    [Theory]
    [InlineData(0, 200)]
    [InlineData(300, 200)]
    [InlineData(300, 1)]
    [InlineData(300, 3)]
    [InlineData(2000, 200)]
    public async Task Process_AnyWindow_EmitsEveryFrameOnceInOrder(int lookAheadMs, int maxWindowFrames)
    {
        var options = new AlignOptions { LookAheadMs = lookAheadMs };
        var aligned = await RunAsync(NetFor(_ => Still), 60, _ => Still, options, maxWindowFrames: maxWindowFrames);
        aligned[^1].Points.DistanceTo(PointsOf(Still)).ShouldBeLessThan(0.01f);
    }

    [Fact]
    public async Task Process_LookAhead_HoldsThatMuchTime()
    {
        await using var rig = new AlignRig(NetFor(_ => Still), new AlignOptions { LookAheadMs = 200 });
        for (var i = 0; i < 5; i++)
        {
            (await rig.PushAsync(i * 40, [Face(Still)])).ShouldBeEmpty();
        }

        for (var i = 5; i < 50; i++)
        {
            (await rig.PushAsync(i * 40, [Face(Still)])).ShouldHaveSingleItem().Index.ShouldBe(i - 5);
        }

        (await rig.FlushAsync()).Count.ShouldBe(5);
        rig.Pool.LiveFrames.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Process_WindowFull_EmitsBeforeTheLookAheadIsReached(int maxWindowFrames)
    {
        await using var rig = new AlignRig(NetFor(_ => Still), new AlignOptions { LookAheadMs = 2000 }, maxWindowFrames);
        for (var i = 0; i < 20; i++)
        {
            await rig.PushAsync(i * 40, [Face(Still)]);
            rig.Pool.LiveFrames.ShouldBe(Math.Min(i + 1, maxWindowFrames - 1));
        }
    }

    [Fact]
    public async Task Process_FacesThatFallAnyway_AreNotRead()
    {
        var net = NetFor(_ => Still);
        await using var rig = new AlignRig(net, Alone);
        TrackedFace[] faces =
        [
            Face(new Pose(50, 50, 13.9f), id: 1),
            Face(new Pose(50, 50, 13.9f), id: 2, isConfirmed: false),
            Face(Still, id: 3, isConfirmed: false),
            Face(Still, id: 4),
            Face(new Pose(50, 50, 14.1f), id: 5),
        ];
        await rig.PushAsync(0, faces);
        var aligned = (await rig.FlushAsync()).ShouldHaveSingleItem();
        aligned.Faces.Select(face => face.Fallback)
            .ShouldBe([FallbackReason.TooSmall, FallbackReason.TooSmall, FallbackReason.Unconfirmed, null, null]);
        var squares = net.Calls.ShouldHaveSingleItem().Squares;
        squares[0].ShouldBe(new FaceSquare(new Vector2(100, 100), 50, 0));
        squares[1].Side.ShouldBe(14.1f * 1.25f, 0.001f);
    }

    [Fact]
    public async Task Process_FailedFrame_IsNotReadAndGoesThrough()
    {
        var net = NetFor(_ => Still);
        await using var rig = new AlignRig(net);
        for (var i = 0; i < 20; i++)
        {
            await rig.PushAsync(i * 40, [Face(Still)], i >= 8 ? "broken" : null);
        }

        net.Calls.Select(call => call.Frame).ShouldBe(Enumerable.Range(0, 8).Select(i => (long)i));
        (await rig.FlushAsync()).ShouldAllBe(frame => frame.Fallback == FallbackReason.UnusableLandmarks);
    }

    public static TheoryData<FallbackReason, LandmarkReading> BadReadings => new()
    {
        { FallbackReason.UnusableLandmarks, Reading(Still) with { Usability = 0.49f } },
        { FallbackReason.UnusableLandmarks, Reading(Still) with { Points = new Vector2[Shape.PointCount] } },
        { FallbackReason.ExtremePose, Reading(Still with { YawDegrees = 55 }) },
        { FallbackReason.ExtremePose, Reading(Still with { YawDegrees = -55 }) },
        { FallbackReason.ModelFailure, Reading(Still) with { Usability = float.NaN } },
        { FallbackReason.ModelFailure, Reading(Still) with { Points = new Vector2[3] } },
        { FallbackReason.ModelFailure, Reading(Still with { X = float.NaN }) },
        { FallbackReason.ModelFailure, Reading(Still with { Y = float.PositiveInfinity }) },
    };

    [Theory]
    [MemberData(nameof(BadReadings), DisableDiscoveryEnumeration = true)]
    public async Task Process_BadReading_FallsForThatReason(FallbackReason reason, LandmarkReading reading)
    {
        var net = NetFor(_ => Still, instead: frame => frame == 3 ? reading : null);
        var aligned = await RunAsync(net, 6, _ => Still, Alone);
        aligned.Select(frame => frame.Fallback).ShouldBe([null, null, null, reason, null, null]);
    }

    [Theory]
    [InlineData(45)]
    [InlineData(-45)]
    public async Task Process_TurnedWithinTheLimit_IsDrawn(float yaw) =>
        (await RunAsync(NetFor(_ => Still with { YawDegrees = yaw }), 6, _ => Still)).ShouldAllBe(frame => frame.Fallback == null);

    [Fact]
    public async Task Process_NetFails_CostsOnlyTheFacesOfThatCall()
    {
        var net = NetFor(_ => Still, instead: frame => frame == 3 ? throw new FaultException(FaultOrigin.Model, "no luck") : null);
        await using var rig = new AlignRig(net, Alone);
        for (var i = 0; i < 6; i++)
        {
            await rig.PushAsync(i * 40, [Face(Still), Face(Still, id: 2, isConfirmed: false), Face(Still, id: 3)]);
        }

        foreach (var frame in await rig.FlushAsync())
        {
            FallbackReason? expected = frame.Index == 3 ? FallbackReason.ModelFailure : null;
            frame.Faces.Select(face => face.Fallback).ShouldBe([expected, FallbackReason.Unconfirmed, expected]);
        }
    }

    [Fact]
    public async Task Process_NetFailsAlways_EveryFrameStillLeaves()
    {
        var net = NetFor(_ => Still, instead: _ => throw new InvalidOperationException("unforeseen"));
        (await RunAsync(net, 40, _ => Still)).ShouldAllBe(frame => frame.Fallback == FallbackReason.ModelFailure);
    }

    [Fact]
    public async Task Process_TiltedFace_IsReadAgainInATurnedCropAndThenAtOnce()
    {
        var tilted = Still with { RollDegrees = 30 };
        var net = NetFor(_ => tilted);
        (await RunAsync(net, 3, _ => Still, Alone)).ShouldAllBe(frame => frame.Points.DistanceTo(PointsOf(tilted)) < 0.01f);
        net.Calls.Select(call => call.Frame).ShouldBe([0L, 0, 1, 2]);
        net.Calls[0].Squares[0].Angle.ShouldBe(0);
        net.Calls.Skip(1).ShouldAllBe(call => MathF.Abs(call.Squares[0].Angle - (MathF.PI / 6)) < 0.01f);
    }

    [Fact]
    public async Task Process_FaceThatTurnsOverAndOver_IsFollowed()
    {
        // Full turns: angles jump from 180 to -180 degrees, faces do not.
        static Pose Motion(long frame) => Still with { RollDegrees = 13 * frame };
        var aligned = await RunAsync(NetFor(Motion), 100, _ => Still);
        aligned.ShouldFollow(Motion, 0.1f);
    }

    [Fact]
    public async Task Process_CancelledWhileReading_LeaksNoFrame()
    {
        var net = NetFor(_ => Still);
        await using var rig = new AlignRig(net);
        await rig.PushAsync(0, [Face(Still)]);
        using var cancellation = new CancellationTokenSource();
        net.Gate = new TaskCompletionSource().Task;
        var output = new Link<AlignedFrame>(4);
        var reading = rig.Stage.ProcessAsync(await rig.FrameAsync(40, [Face(Still)]), output, cancellation.Token).AsTask();
        reading.IsCompleted.ShouldBeFalse();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => reading);
        await rig.Stage.DisposeAsync();
        rig.Pool.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Process_OutputAbandoned_LeaksNoFrame()
    {
        await using var rig = new AlignRig(NetFor(_ => Still), new AlignOptions { LookAheadMs = 80 });
        var output = new Link<AlignedFrame>(4);
        output.Abandon();
        await rig.Stage.ProcessAsync(await rig.FrameAsync(0, [Face(Still)]), output, CancellationToken.None);
        await rig.Stage.ProcessAsync(await rig.FrameAsync(40, []), output, CancellationToken.None);
        var last = await rig.FrameAsync(80, []);

        await Should.ThrowAsync<LinkAbandonedException>(() => rig.Stage.ProcessAsync(last, output, CancellationToken.None).AsTask());
        await rig.Stage.DisposeAsync();

        rig.Pool.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public void Construct_WrongArguments_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new AlignStage(NetFor(_ => Still), Shape, new AlignOptions(), 0));
        Should.Throw<FaultException>(() => new AlignStage(new FakeLandmarkNet(3, (_, _) => Reading(Still)), Shape, new AlignOptions(), 9))
            .Message.ShouldBe("fake landmarks gives 3 landmarks; the gallery's faces have 144");
    }
}
