using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Landmarks;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Alignment;

/// <summary>The stage with the embedded net on people of whom everything is known.</summary>
public sealed class AlignSceneTests
{
    private static readonly SceneOptions Scene = new() { Width = 640, Height = 360, DurationSeconds = 2, People = 3, Seed = 4 };

    [Fact]
    public async Task Process_Scene_FindsEveryFaceAndTremblesLessThanTheNet()
    {
        var raw = await RunAsync(new AlignOptions { SmoothingMs = 0, MotionSmoothingMs = 0 });
        var smooth = await RunAsync(new AlignOptions());
        var (read, trueJitter, rawJitter, smoothJitter, error) = (0, new List<double>(), new List<double>(), new List<double>(), new List<float>());
        foreach (var person in smooth.SelectMany(frame => frame.Keys).Distinct())
        {
            var moments = Enumerable.Range(0, smooth.Count).Where(i => smooth[i].ContainsKey(person)).ToList();
            read += moments.Count;
            var truth = moments.ConvertAll(i => smooth[i][person].Truth);
            var size = truth.Average(points => Vector2.Distance(points[FacePoints.Forehead], points[FacePoints.Chin]));
            error.AddRange(moments.Select(i => smooth[i][person].Points.DistanceTo(smooth[i][person].Truth) / size));
            trueJitter.Add(truth.Jitter() / size);
            rawJitter.Add(moments.ConvertAll(i => raw[i][person].Points).Jitter() / size);
            smoothJitter.Add(moments.ConvertAll(i => smooth[i][person].Points).Jitter() / size);
        }

        read.ShouldBeGreaterThan((int)Scene.FrameCount);
        error.Average().ShouldBeLessThan(0.05f);
        smoothJitter.Average().ShouldBeLessThan(0.5 * rawJitter.Average());
        smoothJitter.Average().ShouldBeLessThan(trueJitter.Average() + (0.3 * rawJitter.Average()));
    }

    /// <summary>Per frame, each person's landmarks as the stage gives them and as they are.</summary>
    private static async Task<List<Dictionary<int, (Vector2[] Points, Vector2[] Truth)>>> RunAsync(AlignOptions options)
    {
        var clip = await SceneClips.PaintAsync(Scene);
        var moments = SceneClips.Moments(Scene);
        using var pool = new FramePool(clip.Format, clip.Frames.Count);
        var model = new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceLandmarks, path: null);
        using var net = ParallelLandmarkNet.Load(model, new OnnxSessionOptions { Threads = 1 }, TimeSpan.FromMinutes(1), TimeProvider.System);
        await using var stage = new AlignStage(net, SceneClips.Gallery.Shape, options, clip.Frames.Count);
        var output = new Link<AlignedFrame>(clip.Frames.Count);
        for (var i = 0; i < clip.Frames.Count; i++)
        {
            var frame = await pool.RentAsync(i, i, Scene.TimeBase, CancellationToken.None);
            clip.Frames[i].CopyTo(frame.Memory);
            TrackedFace[] faces = [.. moments[i].Faces.Where(face => face.Visible > 0.95f)
                .Select(face => new TrackedFace(face.Person, face.Box, Evidence.Observed, 0.9f, IsConfirmed: true))];
            await stage.ProcessAsync(new TrackedFrame(frame, faces), output, CancellationToken.None);
        }

        await stage.FlushAsync(output, CancellationToken.None);
        output.Complete();
        var frames = new List<Dictionary<int, (Vector2[], Vector2[])>>();
        while (await output.ReceiveAsync(CancellationToken.None) is { } received)
        {
            using var aligned = received;
            frames.Add(aligned.Tracked.Faces.Zip(aligned.Faces).Where(pair => pair.Second.Fallback is null).ToDictionary(
                pair => pair.First.TrackId,
                pair => (pair.Second.Points.ToArray(), Landmarks(moments[frames.Count], pair.First.TrackId))));
        }

        pool.LiveFrames.ShouldBe(0);
        return frames;

        static Vector2[] Landmarks(SceneMoment moment, int person) =>
            moment.Figures.Single(figure => figure.Person.Id == person).Landmarks;
    }
}
