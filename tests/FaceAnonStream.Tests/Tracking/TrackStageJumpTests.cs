using FaceAnonStream.Detection;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Tracking.TrackRig;

namespace FaceAnonStream.Tests.Tracking;

/// <summary>A track goes on with a face that it did not expect, which may be another one.</summary>
public class TrackStageJumpTests
{
    private static readonly TrackOptions Live = new() { LookAheadMs = 400 };
    private static readonly FaceDetection Here = Face(100, 100);
    private static readonly FaceDetection There = Face(136, 100);

    [Fact]
    public async Task Process_OneFaceIsLostAndItsNeighbourFound_BothAreCovered()
    {
        // The first turns away after 800 ms, the second, 1.8 sizes off, turns to the camera 520 ms later.
        var shots = Enumerable.Range(0, 80).Select(i => new Shot(i * 40, i <= 20 ? [Here] : i >= 33 ? [There] : []));
        var (frames, tracks) = await RunAsync(shots, Live);

        frames.Where(frame => frame.Pts <= 800 + Live.HoldMs).ShouldAllBe(frame => Covers(frame, Here));
        frames.Where(frame => frame.Pts >= 1320 - Live.LookAheadMs).ShouldAllBe(frame => Covers(frame, There));
        frames.Where(frame => frame.Pts > 1800).ShouldAllBe(frame => frame.Faces.Count == 1, "what was held is let go");
        tracks.Select(track => track.Observed).ShouldBe([21 + 47, 0, 0]);
    }

    [Fact]
    public async Task Process_OneFaceIsLostAsItsNeighbourIsFound_BothAreCovered()
    {
        var neighbour = Face(122, 100);
        var shots = Enumerable.Range(0, 80).Select(i => new Shot(i * 40, i <= 20 ? [Here] : [neighbour]));
        var (frames, _) = await RunAsync(shots, Live);

        frames.Where(frame => frame.Pts <= 800 + Live.HoldMs).ShouldAllBe(frame => Covers(frame, Here));
        frames.Where(frame => frame.Pts >= 840 - Live.LookAheadMs).ShouldAllBe(frame => Covers(frame, neighbour));
    }

    [Fact]
    public async Task Process_LostFaceComesBackBesideItsNeighbour_IsATrackOfItsOwn()
    {
        var shots = Enumerable.Range(0, 80).Select(i => new Shot(
            i * 40, i <= 20 ? [Here] : i < 33 ? [] : i < 40 ? [There] : [There, Here]));
        var (frames, tracks) = await RunAsync(shots, Live);

        frames.Where(frame => frame.Pts >= 800).ShouldAllBe(frame => Covers(frame, Here));
        tracks.Select(track => track.Observed).ShouldBe([21 + 47, 40, 0]);
    }

    [Fact]
    public async Task Process_FaceJumps_IsOneTrackAndCoveredOnItsWay()
    {
        var shots = Enumerable.Range(0, 60).Select(i => new Shot(i * 40, i <= 20 ? [Here] : i >= 26 ? [Face(130, 100)] : []));
        var (frames, tracks) = await RunAsync(shots, new TrackOptions());

        for (var i = 21; i < 26; i++)
        {
            Covers(frames[i], Face(100 + (5 * (i - 20)), 100)).ShouldBeTrue($"frame {i}");
        }

        frames.Skip(26).ShouldAllBe(frame => frame.Faces.Single(face => face.Evidence == Evidence.Observed).TrackId == 1);
        tracks.Count(track => track.Observed > 0).ShouldBe(1);
    }

    [Fact]
    public async Task Process_FaceIsFoundWhereItIsExpected_NothingIsLeftBehind()
    {
        // A gap of half a second in steady motion.
        var shots = Enumerable.Range(0, 60).Select(i => new Shot(i * 40, i is > 20 and < 33 ? [] : [Face(60 + (2 * i), 100)]));
        (await RunAsync(shots, Live)).Tracks.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(14, 1)]
    [InlineData(16, 3)]
    public async Task Process_FaceMovesAtOnce_IsDoubtedFromThreeQuartersOfItsSizeOn(int pixels, int expectedTracks)
    {
        var shots = Enumerable.Range(0, 40).Select(i => new Shot(i * 40, [i < 20 ? Here : Face(100 + pixels, 100)]));
        (await RunAsync(shots, Live)).Tracks.Count.ShouldBe(expectedTracks);
    }

    /// <summary>Whether one cover holds the face, but for a pixel at its edge.</summary>
    private static bool Covers(Emitted frame, FaceDetection face) => frame.Faces.Any(cover => cover.Box.Holds(face.Box.Scale(0.9f)));
}
