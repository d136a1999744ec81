using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Alignment.AlignRig;

namespace FaceAnonStream.Tests.Alignment;

/// <summary>Smoothing, bridges and recovery.</summary>
public sealed class AlignStageTimeTests
{
    private static readonly Pose Still = new(100, 100);
    private static readonly LandmarkReading Bad = Reading(Still) with { Usability = 0 };

    [Fact]
    public async Task Process_NoisyReadings_TrembleLess()
    {
        const float noise = 1;
        var aligned = await RunAsync(NetFor(_ => Still, noise), 200, _ => Still);
        var smooth = aligned.Select(frame => frame.Points).ToList();
        // The second difference of white noise is √6 times as large, in both coordinates.
        smooth.Jitter().ShouldBeLessThan(0.25 * Math.Sqrt(2 * 6) * noise);
        smooth.Average(points => points.DistanceTo(PointsOf(Still))).ShouldBeLessThan(0.75f * noise);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(0)]
    public async Task Process_SteadyMotion_HasNoLag(int lookAheadMs)
    {
        // A quarter of a face per second, growing, tilting and turning.
        static Pose Motion(long i) => new(60 + (0.4f * i), 120 - (0.2f * i), 40 * MathF.Exp(0.004f * i), -20 + (0.3f * i), -15 + (0.2f * i));
        var aligned = await RunAsync(NetFor(Motion), 120, Motion, new AlignOptions { LookAheadMs = lookAheadMs });
        var allowed = lookAheadMs > 0 ? 0.05f : 1f;
        aligned.Skip(10).ShouldFollow(Motion, allowed);
    }

    [Fact]
    public async Task Process_AcceleratedMotionAtIrregularTimes_HardlyLags()
    {
        static long Pts(long i) => (40 * i) + (i * 7 % 5 * 6);
        static Pose Motion(long i)
        {
            var t = Pts(i) / 1000f;
            return new Pose(60 + (20 * t * t), 60 + (10 * t * t), 40, 0, 5 * t * t);
        }

        var aligned = await RunAsync(NetFor(Motion), 80, Motion, pts: Pts);
        aligned.ShouldFollow(Motion, 0.1f);
    }

    [Theory]
    [InlineData(300, 30, 40)]
    [InlineData(300, 0, 60)]
    [InlineData(0, 30, 40)]
    public async Task Process_CutWithinATrack_IsNotSmoothedAcross(int lookAheadMs, float distance, float size)
    {
        // Another face, elsewhere or of another size, under the same track from one frame to the next.
        Pose Motion(long i) => i < 25 ? Still : Still with { X = 100 + distance, Size = size };
        var aligned = await RunAsync(NetFor(Motion), 50, Motion, new AlignOptions { LookAheadMs = lookAheadMs });
        aligned.Skip(10).ShouldFollow(Motion, 0.01f);
    }

    [Fact]
    public async Task Process_NoLookAhead_EmitsAtOnceAndTremblesLess()
    {
        var options = new AlignOptions { LookAheadMs = 0 };
        var aligned = await RunAsync(NetFor(_ => Still, noise: 0.5f), 200, _ => Still, options);
        aligned.Skip(20).Select(frame => frame.Points).ToList().Jitter().ShouldBeLessThan(0.5 * Math.Sqrt(2 * 6) * 0.5);

        await using var rig = new AlignRig(NetFor(_ => Still), options);
        for (var i = 0; i < 10; i++)
        {
            // Without a look ahead a face is drawn when it has been good for long enough.
            (await rig.PushAsync(i * 40, [Face(Still)])).ShouldHaveSingleItem().Fallback
                .ShouldBe(i < 5 ? FallbackReason.UnusableLandmarks : null);
        }
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(199, false)]
    public async Task Process_FailureBetweenGoodReadings_IsBridgedIfItIsShort(int bridgeMs, bool isBridged)
    {
        // The face moves through the failure as its box does; good readings are 200 ms apart.
        static Pose Motion(long i) => new(60 + (3 * i), 100);
        var net = NetFor(Motion, instead: i => i is >= 20 and < 24 ? Bad : null);
        var aligned = await RunAsync(net, 50, Motion, new AlignOptions { BridgeMs = bridgeMs, RecoverMs = 0 });
        for (var i = 0; i < 50; i++)
        {
            FallbackReason? expected = i is >= 20 and < 24 && !isBridged ? FallbackReason.UnusableLandmarks : null;
            aligned[i].Fallback.ShouldBe(expected, $"{i}");
            if (expected is null)
            {
                aligned[i].Points.DistanceTo(PointsOf(Motion(i))).ShouldBeLessThan(0.1f, $"{i}");
            }
        }
    }

    [Fact]
    public async Task Process_ModelFailureBetweenGoodReadings_IsBridged()
    {
        var net = NetFor(_ => Still, instead: i => i == 20 ? throw new InvalidOperationException("unforeseen") : null);
        (await RunAsync(net, 40, _ => Still)).ShouldAllBe(frame => frame.Fallback == null);
    }

    [Fact]
    public async Task Process_BridgedFace_IsPlacedByItsBox()
    {
        // The face jumps aside for one frame, which the net cannot read.
        static Pose Motion(long i) => new(i == 20 ? 112 : 100, 100);
        var aligned = await RunAsync(NetFor(Motion, instead: i => i == 20 ? Bad : null), 40, Motion);
        aligned[20].Points.DistanceTo(PointsOf(Motion(20))).ShouldBeLessThan(0.1f);
    }

    [Fact]
    public async Task Process_TurnedAwayForAMoment_IsNotBridged()
    {
        static Pose Motion(long i) => Still with { YawDegrees = i == 20 ? 60 : 40 };
        var aligned = await RunAsync(NetFor(Motion), 40, _ => Still, new AlignOptions { RecoverMs = 0 });
        aligned.Where(frame => frame.Fallback == FallbackReason.ExtremePose).ShouldHaveSingleItem().Index.ShouldBe(20);
    }

    [Fact]
    public async Task Process_FaceTurnedAwayForLong_IsReadNowAndThenOnly()
    {
        var net = NetFor(_ => Still, instead: i => i is > 0 and < 60 ? Bad : null);
        var aligned = await RunAsync(net, 100, _ => Still);
        // 40 ms a frame: in all frames for half a second, then in one of three, then in all again.
        var read = net.Calls.ConvertAll(call => call.Frame);
        read.Count(i => i <= 12).ShouldBe(13);
        read.Count(i => i is >= 15 and < 60).ShouldBe(15);
        read.Count(i => i >= 63).ShouldBe(37);
        aligned.Where(frame => frame.Index is > 0 and < 60).ShouldAllBe(frame => frame.Fallback == FallbackReason.UnusableLandmarks);
    }

    [Fact]
    public async Task Process_FailureAtTheEnd_IsNotBridged()
    {
        var aligned = await RunAsync(NetFor(_ => Still, instead: i => i >= 19 ? Bad : null), 20, _ => Still);
        aligned[18].Fallback.ShouldBeNull();
        aligned[19].Fallback.ShouldBe(FallbackReason.UnusableLandmarks);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(100)]
    [InlineData(0)]
    public async Task Process_ShortIslandOfGoodReadings_StaysAMosaic(int lookAheadMs)
    {
        // Good from 0 to 19, for 4 frames (120 ms) at 40, and from 60 on.
        var net = NetFor(_ => Still, instead: i => i is < 20 or (>= 40 and < 44) or >= 60 ? null : Bad);
        var aligned = await RunAsync(net, 100, _ => Still, new AlignOptions { LookAheadMs = lookAheadMs });
        var drawn = aligned.Where(frame => frame.Fallback is null).Select(frame => frame.Index).ToList();
        drawn.ShouldAllBe(i => i < 20 || i >= 60);
        // It falls at once, and comes back as soon as it is known that it lasts; a face that has long been hopeless is not
        // looked at in every frame.
        drawn.ShouldContain(19);
        var late = 5 - Math.Min(5, (lookAheadMs + 39) / 40);
        drawn.First(i => i >= 60).ShouldBeInRange(60 + late, 60 + late + 2);
        drawn.Count.ShouldBeInRange(20 + 40 - (2 * late) - 2, 20 + 40 - (2 * late));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(0)]
    public async Task Process_ReadingsThatAreNeverSure_GrowNoFace(int lookAheadMs)
    {
        // Doubtful, then sure once, then doubtful, then bad, then doubtful again.
        var net = NetFor(_ => Still, instead: i => Reading(Still) with { Usability = i == 40 ? 0.9f : i is >= 60 and < 70 ? 0 : 0.8f });
        var aligned = await RunAsync(net, 100, _ => Still, new AlignOptions { LookAheadMs = lookAheadMs });
        var drawn = aligned.Where(frame => frame.Fallback is null).Select(frame => frame.Index).ToList();
        drawn[0].ShouldBe(lookAheadMs > 0 ? 40 - 8 : 40);
        drawn[^1].ShouldBe(59);
        drawn.Count.ShouldBe((int)(60 - drawn[0]));
    }

    [Fact]
    public async Task Process_SlowFrames_AreDrawnAllTheSame()
    {
        // Two frames a second: no reading is within reach of another.
        var aligned = await RunAsync(NetFor(_ => Still), 20, _ => Still, pts: i => 500 * i);
        aligned.ShouldAllBe(frame => frame.Fallback == null);
    }

    [Fact]
    public async Task Process_TracksSideBySide_DoNotMix()
    {
        var other = new Pose(220, 150, 60);
        var net = new FakeLandmarkNet(Shape.PointCount, (_, square) => Reading(square.Center.X < 160 ? Still : other));
        await using var rig = new AlignRig(net);
        var aligned = new List<Aligned>();
        for (var i = 0; i < 60; i++)
        {
            // The second person takes the first one's place in the list, and a third the first one's place in the picture.
            TrackedFace[] faces = i < 30 ? [Face(Still), Face(other, id: 2)] : [Face(other, id: 2), Face(Still, id: 3)];
            aligned.AddRange(await rig.PushAsync(i * 40, faces));
        }

        aligned.AddRange(await rig.FlushAsync());
        foreach (var frame in aligned)
        {
            for (var i = 0; i < 2; i++)
            {
                var truth = frame.Tracked[i].TrackId == 2 ? other : Still;
                frame.Faces[i].Points.ToArray().DistanceTo(PointsOf(truth)).ShouldBeLessThan(0.01f);
            }
        }
    }

    [Fact]
    public async Task Process_TrackThatWasAway_StartsAnew()
    {
        // Away for five frames and back elsewhere: nothing is smoothed across.
        await using var rig = new AlignRig(NetFor(i => i < 25 ? Still : Still with { X = 180 }), new AlignOptions { BridgeMs = 100 });
        var aligned = new List<Aligned>();
        for (var i = 0; i < 50; i++)
        {
            aligned.AddRange(await rig.PushAsync(i * 40, i is >= 20 and < 25 ? [] : [Face(Still)]));
        }

        aligned.AddRange(await rig.FlushAsync());
        aligned[19].Points.DistanceTo(PointsOf(Still)).ShouldBeLessThan(0.01f);
        aligned[25].Points.DistanceTo(PointsOf(Still with { X = 180 })).ShouldBeLessThan(0.01f);
    }
}
