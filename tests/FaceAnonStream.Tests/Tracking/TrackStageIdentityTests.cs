using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Tracking.TrackRig;

namespace FaceAnonStream.Tests.Tracking;

public class TrackStageIdentityTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(22, 26)]
    public async Task Process_FacesThatCross_KeepTheirIds(int hiddenFrom, int hiddenTo)
    {
        // They meet at frame 25, half a size apart in height; the farther one may be hidden meanwhile.
        var shots = Enumerable.Range(0, 50).Select(i => new Shot(
            i * 40,
            i >= hiddenFrom && i < hiddenTo ? [Face(60 + (4 * i), 100)] : [Face(260 - (4 * i), 110), Face(60 + (4 * i), 100)]));
        var (frames, tracks) = await RunAsync(shots);

        tracks.Count.ShouldBe(2);
        var rightward = frames[0].Faces.Single(face => face.Box.CenterX < 160).TrackId;
        frames[^1].Faces.Single(face => face.Box.CenterX > 160).TrackId.ShouldBe(rightward);
        frames[^1].Faces.Single(face => face.Box.CenterX < 160).TrackId.ShouldNotBe(rightward);
    }

    [Theory]
    [InlineData(24, 1)]
    [InlineData(27, 2)]
    public async Task Process_Occlusion_KeepsIdUpToTheHold(int framesHidden, int expectedTracks)
    {
        var shots = Enumerable.Range(0, 80).Select(i => new Shot(i * 40, i >= 20 && i < 20 + framesHidden ? [] : [Face(100, 100)]));
        var (frames, tracks) = await RunAsync(shots);

        tracks.Select(track => track.Id).ShouldBe(Enumerable.Range(1, expectedTracks));
        frames.ShouldAllBe(frame => frame.Faces.Any(face => face.Box.Holds(Face(100, 100, 19).Box)));
    }

    [Fact]
    public async Task Process_FramesAtIrregularTimes_FollowTimeNotCount()
    {
        long[] timestamps = [0, 10, 20, 120, 125, 200, 400, 410, 500, 640, 650, 700, 900];
        var shots = timestamps.Select(pts => new Shot(pts, pts is 200 or 500 ? [] : [Face(50 + (0.2 * pts), 100)]));
        var (frames, tracks) = await RunAsync(shots);

        tracks[0].ShouldBe(new TrackSummary(1, 0, 900, Observed: 11, Filled: 2));
        tracks.Skip(1).ShouldAllBe(track => track.Observed == 0);
        frames.ShouldAllBe(frame => Math.Abs(frame.Faces[0].Box.CenterX - (50 + (0.2 * frame.Pts))) < 0.2);
    }

    [Fact]
    public async Task Process_WeakDetections_ContinueTheTrack()
    {
        var shots = Enumerable.Range(0, 60).Select(i => new Shot(i * 40, [Face(60 + i, 100, score: i is > 10 and < 50 ? 0.2 : 0.9)]));
        var (_, tracks) = await RunAsync(shots);

        tracks.ShouldBe([new TrackSummary(1, 0, 59 * 40, Observed: 60, Filled: 0)]);
    }

    [Fact]
    public async Task Process_SmallFastFace_IsOneTrack()
    {
        // 8 px wide, 9 px per frame.
        var shots = Enumerable.Range(0, 30).Select(i => new Shot(i * 40, [Face(20 + (9 * i), 100, size: 8)]));
        var (_, tracks) = await RunAsync(shots);

        tracks.Count(track => track.Observed > 0).ShouldBe(1);
    }

    [Fact]
    public async Task Process_TrackLostForTheHold_IsSaidToHaveEnded()
    {
        // Last seen at 160 ms and held until 360 ms.
        var shots = Enumerable.Range(0, 20).Select(i => new Shot(i * 40, i < 5 ? [Face(100, 100)] : []));
        var (frames, _) = await RunAsync(shots, new TrackOptions { LookAheadMs = 100, HoldMs = 200 });

        frames.Where(frame => frame.Ended.Count > 0).Select(frame => (frame.Pts, frame.Ended[0])).ShouldBe([(400L, 1)]);
    }

    [Fact]
    public async Task Process_ManyPeopleOneAfterAnother_AreNumberedAndForgotten()
    {
        await using var rig = new TrackRig(new TrackOptions { LookAheadMs = 200, HoldMs = 200 });
        for (var i = 0; i < 1000; i++)
        {
            // A new place every 400 ms; nobody for the last half of it.
            await rig.PushAsync(new Shot(i * 40, i % 10 < 5 ? [Face(30 + (100 * (i / 10 % 3)), 100)] : []));
            rig.Stage.LiveTracks.ShouldBeLessThanOrEqualTo(3);
        }

        await rig.FlushAsync();
        rig.Stage.Summaries.Select(track => track.Id).ShouldBe(Enumerable.Range(1, 100));
        rig.Stage.Summaries.ShouldAllBe(track => track.Observed == 5);
    }
}
