using System.Numerics;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Evaluation.Networks;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Networks;

/// <summary>Both nets find the eyes of painted faces where the truth says that they are.</summary>
public sealed class LandmarkModelTests
{
    /// <summary>Right eye and left eye among the 144 points.</summary>
    private static readonly Range[] Eyes = [36..52, 52..68];

    private static readonly ModelCatalog Bare = new(new ModelFolders([]));

    private static readonly SceneOptions Scene = new()
    {
        Width = 640, Height = 360, FrameRate = new Rational(1, 1), DurationSeconds = 6, People = 4, Seed = 5,
    };

    [Fact]
    public async Task Find_EmbeddedNet_FindsTheEyes()
    {
        using var model = LandmarkModel.Load(Bare, path: null, TimeProvider.System);

        await FindsTheEyesAsync(model);
    }

    [Fact]
    public async Task Find_FaceMesh_FindsTheEyes()
    {
        using var model = LandmarkModel.Load(Bare, SharedAssets.Model("facemesh_468.onnx"), TimeProvider.System);

        await FindsTheEyesAsync(model);
    }

    [Fact]
    public async Task Find_Grey_IsNotUsable()
    {
        using var model = LandmarkModel.Load(Bare, path: null, TimeProvider.System);
        using var pictures = await Inference.Pictures.GreyAsync(128, 128);

        var found = await model.FindAsync([model.Crop(pictures.Frames[0], new FaceDetection(new RectF(30, 30, 60, 60), 0.9f))], CancellationToken.None);

        found.ShouldHaveSingleItem().IsUsable.ShouldBeFalse();
    }

    [Fact]
    public void Load_MissingFile_SaysSo() =>
        Should.Throw<FaultException>(() => LandmarkModel.Load(Bare, "nowhere.onnx", TimeProvider.System)).Message.ShouldBe("nowhere.onnx: no such model file");

    private static async Task FindsTheEyesAsync(LandmarkModel model)
    {
        var clip = await SceneClips.PaintAsync(Scene);
        var errors = new List<float>();
        foreach (var moment in SceneClips.Moments(Scene))
        {
            using var pool = new FramePool(clip.Format, 1);
            using var frame = await pool.RentAsync(0, 0, new Rational(1, 1), CancellationToken.None);
            clip.Frames[(int)moment.Index].CopyTo(frame.Memory);
            var faces = moment.Faces.Where(face => face.Visible == 1 && face.Box.Width >= 24 && MathF.Abs(face.YawDegrees) < 30)
                .Select(face => new FaceDetection(face.Box, 0.9f, face.Points)).ToList();
            var found = await model.FindAsync([.. faces.Select(face => model.Crop(frame, face))], CancellationToken.None);
            errors.AddRange(faces.Zip(found, (face, landmarks) => Error(face, landmarks)));
        }

        errors.Count.ShouldBeGreaterThan(5);
        errors.Order().ElementAt(errors.Count / 2).ShouldBeLessThan(0.05f);
    }

    /// <summary>Mean distance of the eyes from where they are, in longer sides of the box.</summary>
    private static float Error(FaceDetection face, FaceLandmarks found) => Eyes
        .Select((eye, i) => Vector2.Distance(found.Points[eye].Aggregate((a, b) => a + b) / found.Points[eye].Length, face.Points[i]))
        .Average() / face.SidePx();
}
