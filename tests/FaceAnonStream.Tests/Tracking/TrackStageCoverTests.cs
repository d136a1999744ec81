using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Tracking.TrackRig;

namespace FaceAnonStream.Tests.Tracking;

public class TrackStageCoverTests
{
    private static readonly TrackOptions NoLookAhead = new() { LookAheadMs = 0 };

    [Fact]
    public async Task Process_GapsInStraightMotion_AreFilledFromBothSides()
    {
        var (frames, tracks) = await RunAsync(Walk(60, except: frame => frame is 7 or (>= 20 and < 32)));

        frames.ShouldAllBe(frame => frame.Faces.Count == 1 && frame.Faces[0].Box.Holds(Inner(Truth(frame.Index).Box)));
        frames.Count(frame => frame.Faces[0].Evidence == Evidence.Filled).ShouldBe(13);
        frames.Where(frame => frame.Faces[0].Evidence == Evidence.Filled).ShouldAllBe(frame => frame.Faces[0].Score == 0);
        tracks.ShouldBe([new TrackSummary(1, 0, 59 * 40, Observed: 47, Filled: 13)]);
    }

    [Fact]
    public async Task Process_GapLongerThanWindow_IsPredictedAndGrows()
    {
        var (frames, tracks) = await RunAsync(Walk(60, except: frame => frame is >= 20 and < 32, speed: 1), NoLookAhead);

        tracks.Count.ShouldBe(1);
        frames.ShouldAllBe(frame => frame.Faces.Count == 1 && frame.Faces[0].Box.Holds(Inner(Truth(frame.Index, 1).Box)));
        var widths = frames.Skip(20).Take(12).Select(frame => frame.Faces[0].Box.Width).ToList();
        widths.ShouldBeInOrder(SortDirection.Ascending);
        widths[^1].ShouldBe(20 * (1 + (0.6f * 0.48f)), 0.5f);
    }

    [Fact]
    public async Task Process_GapInsideWindow_GrowsMostInTheMiddle()
    {
        var (frames, _) = await RunAsync(Walk(60, except: frame => frame is >= 20 and < 31));

        var widths = frames.Skip(20).Take(11).Select(frame => frame.Faces[0].Box.Width).ToList();
        widths.IndexOf(widths.Max()).ShouldBe(5);
        widths[5].ShouldBe(20 * (1 + (0.6f * 0.24f)), 0.1f);
        widths[0].ShouldBe(20 * (1 + (0.6f * 0.04f)), 0.1f);
    }

    [Fact]
    public async Task Process_FaceEnters_IsCoveredBeforeItWasFirstSeen()
    {
        var (frames, tracks) = await RunAsync(Walk(60, except: frame => frame < 30));

        // 500 ms are 12 frames of 40 ms.
        frames.Take(18).ShouldAllBe(frame => frame.Faces.Count == 0);
        frames.Skip(18).ShouldAllBe(frame => frame.Faces.Count == 1 && frame.Faces[0].Box.Holds(Inner(Truth(frame.Index).Box)));
        tracks.ShouldBe([new TrackSummary(1, 18 * 40, 59 * 40, Observed: 30, Filled: 12)]);
    }

    [Fact]
    public async Task Process_FaceVanishes_IsHeldThenReleased()
    {
        var still = Enumerable.Range(0, 80).Select(i => new Shot(i * 40, i < 20 ? [Face(100, 100)] : []));
        var (frames, _) = await RunAsync(still, NoLookAhead);

        // Last seen at 760 ms, held to 1760 ms.
        frames.Where(frame => frame.Pts <= 1760).ShouldAllBe(frame => frame.Faces.Count == 1);
        frames.Where(frame => frame.Pts > 1760).ShouldAllBe(frame => frame.Faces.Count == 0);
        frames[44].Faces[0].Box.Width.ShouldBe(20 * 1.6f, 0.1f);
    }

    [Fact]
    public async Task Process_FaceLeavesThePicture_IsReleasedWhenItsHeadIsOutside()
    {
        var leaving = Enumerable.Range(0, 80).Select(i =>
        {
            var x = 240 + (i * 4);
            return new Shot(i * 40, x <= 316 ? [Face(x, 100)] : []);
        });
        var (frames, _) = await RunAsync(leaving, NoLookAhead);

        // Last seen at frame 19, centre 4 px inside; the head (40 px wide) is out when the centre is 20 px outside.
        frames.Take(23).ShouldAllBe(frame => frame.Faces.Count == 1);
        frames.Skip(19 + 12).ShouldAllBe(frame => frame.Faces.Count == 0);
    }

    [Fact]
    public async Task Process_FaceNeverGrowsBeyondItsLimit()
    {
        var options = new TrackOptions { LookAheadMs = 0, HoldMs = 20_000, GrowthPerSecond = 5 };
        var shots = Enumerable.Range(0, 60).Select(i => new Shot(i * 400, i < 3 ? [Face(100, 100)] : []));
        var (frames, _) = await RunAsync(shots, options);

        frames.SelectMany(frame => frame.Faces).Max(face => face.Box.Width).ShouldBe(60, 0.1f);
    }

    [Fact]
    public async Task Process_OneWeakDetection_IsCoveredWithAShortHoldAndBackFill()
    {
        var shots = Enumerable.Range(0, 80).Select(i => new Shot(i * 40, i == 40 ? [Face(100, 100, score: 0.06)] : []));
        var (frames, tracks) = await RunAsync(shots);

        // A third of 500 ms before is 4 frames, a third of 1000 ms after is 8.
        frames.Where(frame => frame.Faces.Count > 0).Select(frame => frame.Index).ShouldBe(Enumerable.Range(36, 13).Select(i => (long)i));
        frames[40].Faces[0].ShouldBe(new TrackedFace(1, Face(100, 100).Box, Evidence.Observed, 0.06f));
        tracks.ShouldBe([new TrackSummary(1, 36 * 40, 48 * 40, Observed: 1, Filled: 12)]);
    }

    [Fact]
    public async Task Process_OneStrongDetection_HasTheFullHoldAndBackFill()
    {
        var shots = Enumerable.Range(0, 80).Select(i => new Shot(i * 40, i == 40 ? [Face(100, 100)] : []));
        var (_, tracks) = await RunAsync(shots);

        tracks.ShouldBe([new TrackSummary(1, 28 * 40, 65 * 40, Observed: 1, Filled: 37)]);
    }

    [Fact]
    public async Task Process_BlindFrames_KeepTheirFailureAndDoNotUseUpTheHold()
    {
        // Unseen for 60 frames (2.4 s), of which the detector looked at 10 only.
        var shots = Walk(90, except: frame => frame is >= 15 and < 75, speed: 0)
            .Select((shot, i) => i is >= 20 and < 70 ? shot with { Failure = "detector timed out" } : shot);
        var (frames, tracks) = await RunAsync(shots, NoLookAhead);

        frames.Skip(20).Take(50).ShouldAllBe(frame => frame.Failure == "detector timed out");
        frames.Count(frame => frame.Failure is null).ShouldBe(40);
        frames.ShouldAllBe(frame => frame.Faces.Count == 1);
        tracks.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(float.NaN, 10, 20, 20, 0.9f, "detector gave values that are not finite")]
    [InlineData(10, 10, float.PositiveInfinity, 20, 0.9f, "detector gave values that are not finite")]
    [InlineData(10, 10, 20, 20, float.NaN, "detector gave values that are not finite")]
    [InlineData(10, 10, 0, 20, 0.9f, "detector gave boxes that cannot be faces")]
    [InlineData(10, 10, 20, -5, 0.9f, "detector gave boxes that cannot be faces")]
    [InlineData(10, 10, 1281, 20, 0.9f, "detector gave boxes that cannot be faces")]
    public async Task Process_ImpossibleDetection_FailsItsFrameAndNothingElse(
        float x, float y, float width, float height, float score, string failure)
    {
        var broken = new FaceDetection(new RectF(x, y, width, height), score);
        var withBroken = Walk(30, except: _ => false).Select((shot, i) => i == 12 ? shot with { Faces = [.. shot.Faces, broken] } : shot);
        var withBlind = Walk(30, except: frame => frame == 12).Select((shot, i) => i == 12 ? shot with { Failure = failure } : shot);

        var actual = await RunAsync(withBroken);
        var expected = await RunAsync(withBlind);

        actual.Tracks.ShouldBe(expected.Tracks);
        for (var i = 0; i < 30; i++)
        {
            actual.Frames[i].Failure.ShouldBe(i == 12 ? failure : null);
            actual.Frames[i].Faces.ShouldBe(expected.Frames[i].Faces);
        }
    }

    [Fact]
    public async Task Process_DetectionFarOutsideThePicture_CoversNothing()
    {
        var (frames, tracks) = await RunAsync([new Shot(0, [Face(-1e30, 100), Face(100, 1e30), Face(-21, 100)])]);

        frames[0].Faces.ShouldBeEmpty();
        frames[0].Failure.ShouldBeNull();
        tracks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Process_SteadyMotion_IsSmoothedWithoutLag()
    {
        foreach (var lookAheadMs in (int[])[0, 2000])
        {
            var (frames, _) = await RunAsync(Walk(60, except: _ => false), new TrackOptions { LookAheadMs = lookAheadMs });
            frames.ShouldAllBe(frame => Math.Abs(frame.Faces[0].Box.CenterX - Truth(frame.Index).Box.CenterX) < 0.01 * 20);
            frames.ShouldAllBe(frame => Math.Abs(frame.Faces[0].Box.Width - 20) < 0.01 * 20);
        }
    }

    [Fact]
    public async Task Process_StrongFaceSeenOftenEnough_IsConfirmedFromItsFirstFrame()
    {
        var (frames, _) = await RunAsync(Walk(4, except: _ => false));

        frames.ShouldAllBe(frame => frame.Faces[0].IsConfirmed);
    }

    [Fact]
    public async Task Process_SeenTooBrieflyOrTooWeakly_IsCoveredButNotConfirmed()
    {
        var (brief, _) = await RunAsync(Walk(10, except: i => i >= 3));
        var (weak, _) = await RunAsync(Enumerable.Range(0, 20).Select(i => new Shot(i * 40, [Face(100, 100, score: 0.55)])));

        brief.Concat(weak).ShouldAllBe(frame => frame.Faces.Count == 1 && !frame.Faces[0].IsConfirmed);
    }

    /// <summary>A face that walks right at a speed in pixels per frame of 40 ms.</summary>
    private static IEnumerable<Shot> Walk(int frames, Func<int, bool> except, double speed = 2) =>
        Enumerable.Range(0, frames).Select(i => new Shot(i * 40, except(i) ? [] : [Truth(i, speed)]));

    private static FaceDetection Truth(long frame, double speed = 2) => Face(60 + (speed * frame), 100);

    /// <summary>All of a face but a twentieth of its size at each side.</summary>
    private static RectF Inner(RectF box) => box.Scale(0.9f);
}
