using System.Numerics;
using System.Text.Json.Nodes;
using FaceAnonStream.Faults;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Surrogate;

/// <summary>The steps of preparation, against the worked example that the training code wrote (forge/surrogate/example.py).</summary>
public sealed class SurrogateSketchTests
{
    private const int Size = 96;
    private static readonly JsonNode Example = JsonNode.Parse(File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "FaceAnonStream.Tests", "Inference", "Surrogate", "privacy-example.json")))!;

    private static readonly SurrogateRecipe Recipe = SceneClips.Recipe;

    public static TheoryData<int> Frames => [.. Enumerable.Range(0, Example["landmarks"]!.AsArray().Count)];

    [Theory]
    [MemberData(nameof(Frames))]
    public void Camera_Example_IsTheSame(int frame)
    {
        var camera = FaceCamera.Fit(Recipe.Camera, Points("landmarks", frame));
        var rows = Rows(Example["projection"]![frame]!);
        for (var axis = 0; axis < 3; axis++)
        {
            camera.X[axis].ShouldBe(rows[axis][0], tolerance: 1e-3 * camera.Scale);
            camera.Y[axis].ShouldBe(rows[axis][1], tolerance: 1e-3 * camera.Scale);
        }

        var offset = Numbers(Example["offset"]![frame]!);
        Vector2.Distance(camera.Offset, new Vector2(offset[0], offset[1])).ShouldBeLessThan(0.01f);
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void Expression_Example_IsTheSame(int frame)
    {
        var points = Points("landmarks", frame);
        var expression = new ExpressionMeter(Recipe).Measure(points, FaceCamera.Fit(Recipe.Camera, points));
        expression.ShouldBe(Numbers(Example["expression"]![frame]!), tolerance: 0.01);
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void Show_Example_IsTheSame(int frame)
    {
        var camera = FaceCamera.Fit(Recipe.Camera, Points("landmarks", frame));
        var shown = SurrogateSketch.Show(
            Recipe, camera, Numbers(Example["expression"]![frame]!), Numbers(Example["neutral"]![frame]!));
        var expected = Points("generatorLandmarks", frame);
        for (var i = 0; i < shown.Length; i++)
        {
            Vector2.Distance(shown[i], expected[i]).ShouldBeLessThan(0.02f);
        }
    }

    [Fact]
    public void Median_ExampleThatSeesTwoFramesAhead_IsTheSame()
    {
        var expressions = Rows(Example["expression"]!);
        var median = new RunningMedian(Recipe.NeutralFrames);
        float[][] medians = [.. expressions.Select(median.Add)];
        for (var frame = 0; frame < medians.Length; frame++)
        {
            medians[Math.Min(frame + 2, medians.Length - 1)].ShouldBe(Numbers(Example["neutral"]![frame]!), tolerance: 1e-3);
        }
    }

    [Fact]
    public void Median_MoreThanItsReach_ForgetsTheFirst()
    {
        var median = new RunningMedian(reach: 3);
        float[] medians = [.. ((float[])[9, 1, 2, 3, 4]).Select(value => median.Add([value])[0])];
        medians.ShouldBe([9, 5, 2, 2, 3]);
    }

    [Fact]
    public void Appearance_Example_IsTheSame() => new AppearanceMeter(Recipe).Measure(Crop(), Size)
        .ShouldBe(Numbers(Example["appearance"]!), tolerance: 1e-3);

    [Fact]
    public void Levels_Example_IsTheSame()
    {
        var hold = new LevelHold(Recipe.Levels, Recipe.Hysteresis, settleFrames: 1);
        var settling = new LevelHold(Recipe.Levels, Recipe.Hysteresis, Recipe.SettleFrames);
        var walk = Rows(Example["walk"]!);
        for (var frame = 0; frame < walk.Length; frame++)
        {
            hold.Next(walk[frame]).ShouldBe(Numbers(Example["held"]![frame]!), tolerance: 1e-3);
            settling.Next(walk[frame]).ShouldBe(Numbers(Example["settled"]![frame]!), tolerance: 1e-3);
        }
    }

    [Fact]
    public void DetailAndPaint_Example_AreTheSame()
    {
        var sketch = new SurrogateSketch(Recipe);
        var appearance = Numbers(Example["settled"]!.AsArray()[^1]!);
        var detail = new float[4];
        sketch.Detail(appearance, Size, detail);
        detail.ShouldBe(Numbers(Example["detail96"]!), tolerance: 1e-3);

        // Every nineteenth pixel of a row; all rows are alike.
        var row = Rows(Example["paintedRow"]!);
        var crop = new float[3 * Size * Size];
        sketch.Paint(appearance, Size, crop);
        for (var i = 0; i < crop.Length; i++)
        {
            if (i % Size % 19 == 0)
            {
                crop[i].ShouldBe(row[i % Size / 19][i / (Size * Size)], tolerance: 1e-3);
            }
        }
    }

    [Fact]
    public void Pose_Anywhere_IsTheSamePose()
    {
        var points = Points("landmarks", 0);
        var near = new SurrogateSketch(Recipe).Pose(points);
        var far = new SurrogateSketch(Recipe).Pose([.. points.Select(point => point + new Vector2(4000, 2000))]);
        for (var i = 0; i < near.Length; i++)
        {
            Vector2.Distance(near[i] + new Vector2(4000, 2000), far[i]).ShouldBeLessThan(0.02f);
        }
    }

    [Fact]
    public void Pose_OtherPerson_DependsOnPoseAndExpressionAlone()
    {
        // The same face, wider in the jaw: whatever is not pose or expression does not get through.
        var points = Points("landmarks", 0);
        var shape = SceneClips.Gallery.Shape;
        var camera = FaceCamera.Fit(Recipe.Camera, points);
        Vector2[] mean = [.. Recipe.MeanShape.Select(point => camera.Show(point, 1))];
        var latent = new float[shape.IdentityCount];
        latent[0] = 1.5f;
        Vector2[] other = [.. shape.Neutral(latent).Select(point => camera.Show(point, 1))];
        var before = mean.Zip(other, Vector2.Distance).Max();
        var after = new SurrogateSketch(Recipe).Pose(mean).Zip(new SurrogateSketch(Recipe).Pose(other), Vector2.Distance).Max();
        after.ShouldBeLessThan(before / 3);
    }

    [Fact]
    public void Pose_LandmarksThatAreNoFace_AreRefusedAndForgotten()
    {
        var sketch = new SurrogateSketch(Recipe);
        var points = Points("landmarks", 0);
        var broken = points.ToArray();
        broken[3] = new Vector2(float.NaN, 0);
        Should.Throw<FaultException>(() => sketch.Pose(broken)).Message.ShouldBe("the landmarks are no face");
        sketch.Pose(points).ShouldBe(new SurrogateSketch(Recipe).Pose(points));
    }

    private static float[] Crop()
    {
        var crop = new float[3 * Size * Size];
        for (var i = 0; i < crop.Length; i++)
        {
            var (c, y, x) = (i / (Size * Size), i / Size % Size, i % Size);
            crop[i] = ((((7 * x) + (13 * y) + (29 * c) + (x * y)) % 64) / 128f) + 0.4f - (0.08f * c);
        }

        return crop;
    }

    private static Vector2[] Points(string key, int frame) =>
        [.. Rows(Example[key]![frame]!).Select(point => new Vector2(point[0], point[1]))];

    private static float[][] Rows(JsonNode array) => [.. array.AsArray().Select(row => Numbers(row!))];

    private static float[] Numbers(JsonNode array) => [.. array.AsArray().Select(number => number!.GetValue<float>())];
}
