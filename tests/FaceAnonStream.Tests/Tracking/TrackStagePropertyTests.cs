using FaceAnonStream.Detection;
using FaceAnonStream.Tracking;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Tracking.TrackRig;

namespace FaceAnonStream.Tests.Tracking;

public class TrackStagePropertyTests
{
    private static readonly Gen<FaceDetection> AnyFace =
        from x in Gen.Choose(0, 320)
        from y in Gen.Choose(0, 240)
        from size in Gen.Frequency((6, Gen.Choose(4, 60)), (1, Gen.Choose(61, 900)))
        from score in Gen.Choose(1, 100)
        select Face(x, y, size / 2.0, score / 100.0);

    private static readonly Gen<Shot> AnyShot =
        from step in Gen.Frequency(
            (8, Gen.Choose(1, 100)), (1, Gen.Constant(0)), (1, Gen.Choose(-500, -1)), (1, Gen.Choose(1000, 100_000)))
        from count in Gen.Choose(0, 4)
        from faces in AnyFace.ArrayOf(count)
        from blind in Gen.Choose(0, 9)
        select blind == 0 ? new Shot(step, [], "blind") : new Shot(step, faces);

    private static readonly Gen<Scene> AnyScene =
        from length in Gen.Choose(0, 40)
        from steps in AnyShot.ArrayOf(length)
        from lookAheadMs in Gen.Elements(0, 100, 2000)
        from smoothingMs in Gen.Elements(0, 160, 2000)
        from maxWindowFrames in Gen.Elements(1, 3, 60)
        select new Scene(
            steps,
            new TrackOptions { LookAheadMs = lookAheadMs, SmoothingMs = smoothingMs },
            maxWindowFrames);

    /// <summary>TrackRig itself asserts that every frame leaves once and in order, and that no lease is left.</summary>
    [Fact]
    public void Run_AnyScene_CoversEveryObservationWhereItWasSeen()
    {
        Prop.ForAll(AnyScene.ToArbitrary(), async scene =>
        {
            var shots = scene.Shots();
            var (frames, tracks) = await RunAsync(shots, scene.Options, scene.MaxWindowFrames);
            foreach (var (frame, shot) in frames.Zip(shots))
            {
                var observed = frame.Faces.Where(face => face.Evidence == Evidence.Observed).ToList();
                observed.Count.ShouldBe(shot.Faces.Length);
                shot.Faces.ShouldAllBe(seen => observed.Any(face => face.Score == seen.Score && face.Box.Holds(seen.Box)));
                frame.Faces.ShouldAllBe(face => face.Box.IsFinite && face.Box.Width > 0 && face.Box.Height > 0);
                frame.Faces.Select(face => face.TrackId).ShouldBeUnique();
                frame.Failure.ShouldBe(shot.Failure);
            }

            tracks.Select(track => track.Id).ShouldBe(frames.SelectMany(frame => frame.Faces).Select(face => face.TrackId).Distinct().Order());
            tracks.Sum(track => track.Observed).ShouldBe(shots.Sum(shot => shot.Faces.Length));
            tracks.Sum(track => track.Observed + track.Filled).ShouldBe(frames.Sum(frame => frame.Faces.Count));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Run_SameSceneTwice_GivesTheSameCover()
    {
        Prop.ForAll(AnyScene.ToArbitrary(), async scene =>
        {
            var first = await RunAsync(scene.Shots(), scene.Options, scene.MaxWindowFrames);
            var second = await RunAsync(scene.Shots(), scene.Options, scene.MaxWindowFrames);
            second.Frames.SelectMany(frame => frame.Faces).ShouldBe(first.Frames.SelectMany(frame => frame.Faces));
            second.Tracks.ShouldBe(first.Tracks);
        }).QuickCheckThrowOnFailure();
    }

    private sealed record Scene(Shot[] Steps, TrackOptions Options, int MaxWindowFrames)
    {
        /// <summary>The steps between timestamps, summed up.</summary>
        public List<Shot> Shots()
        {
            var pts = 0L;
            return [.. Steps.Select(step => step with { Pts = pts += step.Pts })];
        }
    }
}
