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
    public void Contrast_Example_IsTheSame() => new ContrastMeter(Recipe).Measure(Crop(), Size)
        .ShouldBe(Example["contrast"]!.GetValue<float>(), tolerance: 1e-3);

    [Fact]
    public void Levels_Example_IsTheSame()
    {
        var hold = new LevelHold(Recipe.Levels, Recipe.Hysteresis, settleFrames: 1);
        var settling = new LevelHold(Recipe.Levels, Recipe.Hysteresis, Recipe.SettleFrames);
        var walk = Numbers(Example["walk"]!);
        Array.ConvertAll(walk, hold.Next).ShouldBe(Numbers(Example["held"]!), tolerance: 1e-3);
        Array.ConvertAll(walk, settling.Next).ShouldBe(Numbers(Example["settled"]!), tolerance: 1e-3);
    }

    [Fact]
    public void Levels_ValueThatComesBack_IsHeldHalfAStepLonger()
    {
        var hold = new LevelHold([0, 1, 2], hysteresis: 0.25f, settleFrames: 1);
        float[] values = [0.9f, 1.7f, 1.8f, 1.3f, 1.2f, 0.2f];
        Array.ConvertAll(values, hold.Next).ShouldBe([1, 1, 2, 2, 1, 0]);
    }

    [Fact]
    public void Detail_Example_IsTheSame()
    {
        var detail = new float[4];
        new SurrogateSketch(Recipe).Detail(Numbers(Example["settled"]!)[^1], Size, detail);
        detail.ShouldBe(Numbers(Example["detail96"]!), tolerance: 1e-3);
    }

    [Fact]
    public void Coarsen_Example_IsTheSame()
    {
        var crop = Crop();
        new SurrogateSketch(Recipe).Coarsen(crop, Size);
        ShouldBeEveryNineteenth("context", (x, y) => [.. Enumerable.Range(0, 3).Select(plane => crop[(((plane * Size) + y) * Size) + x])]);
    }

    [Fact]
    public void Coarsen_OtherPictureOfTheSameMeans_GivesTheSame()
    {
        // Mirrored within each square.
        var side = Size / Recipe.ContextBlocks;
        var (crop, other) = (Crop(), Crop());
        for (var i = 0; i < crop.Length; i++)
        {
            var x = i % Size;
            other[i] = crop[i - x + (x / side * side) + side - 1 - (x % side)];
        }

        var sketch = new SurrogateSketch(Recipe);
        sketch.Coarsen(crop, Size);
        sketch.Coarsen(other, Size);
        other.ShouldBe(crop, tolerance: 1e-5);
    }

    [Fact]
    public void Fade_Example_IsTheSame()
    {
        var mask = new float[Size * Size];
        for (var i = 0; i < mask.Length; i++)
        {
            var (y, x) = Math.DivRem(i, Size);
            mask[i] = Math.Clamp((0.4f * Size) - Vector2.Distance(new Vector2(x, y), new Vector2(44.5f, 50.5f)), 0, 1);
        }

        new SurrogateSketch(Recipe).Fade(mask, Size);
        ShouldBeEveryNineteenth("faded", (x, y) => [mask[(y * Size) + x]]);
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

    private static void ShouldBeEveryNineteenth(string key, Func<int, int, float[]> pixel)
    {
        var rows = Example[key]!.AsArray();
        for (var i = 0; i < rows.Count * rows.Count; i++)
        {
            var (y, x) = Math.DivRem(i, rows.Count);
            var expected = rows[y]![x]!;
            pixel(19 * x, 19 * y).ShouldBe(expected is JsonArray ? Numbers(expected) : [expected.GetValue<float>()], tolerance: 1e-4);
        }
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
