using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Landmarks;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Landmarks;

public sealed class LandmarkNetTests
{
    private const int Side = 8;
    private const int Points = 3;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly SceneOptions Scene = new() { Width = 640, Height = 360, DurationSeconds = 0.12, People = 2, Seed = 3 };
    private static readonly FaceSquare Square = new(new Vector2(20, 10), 8, 0);

    private static CatalogModel Embedded => new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceLandmarks, path: null);

    [Theory]
    [InlineData(0)]
    [InlineData(0.3f)]
    [InlineData(-0.3f)]
    public async Task Read_EmbeddedOnAScene_FindsThePointsOfEveryFace(float angle)
    {
        using var net = Load(threads: 1);
        using var pictures = await PaintAsync();
        var figures = SceneClips.Moments(Scene)[1].Figures.Where(figure => figure.Landmarks.All(IsInside)).ToList();
        figures.ShouldNotBeEmpty();
        var readings = await net.ReadAsync(pictures.Frames[1], [.. figures.Select(figure => SquareOf(net, figure, angle))], CancellationToken.None);
        for (var i = 0; i < figures.Count; i++)
        {
            var truth = figures[i].Landmarks;
            var points = readings[i].Points.ToArray();
            var size = Vector2.Distance(truth[FacePoints.Forehead], truth[FacePoints.Chin]);
            points.Zip(truth, Vector2.Distance).Average().ShouldBeLessThan(0.06f * size);
            readings[i].Usability.ShouldBeGreaterThan(0.5f);
        }

        static bool IsInside(Vector2 point) => point.X > 0 && point.Y > 0 && point.X < Scene.Width && point.Y < Scene.Height;
    }

    [Fact]
    public async Task Read_NoFace_IsNotUsable()
    {
        using var net = Load(threads: 1);
        using var pictures = await Pictures.GreyAsync(320, 240);
        var reading = (await net.ReadAsync(pictures.Frames[0], [Square with { Side = 60 }], CancellationToken.None)).ShouldHaveSingleItem();
        reading.Usability.ShouldBeLessThan(0.5f);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(40, 2)]
    public async Task Read_ManySquares_GivesWhatSingleCallsGive(int count, int threads)
    {
        using var net = Load(threads);
        using var single = Load(threads: 1);
        using var pictures = await PaintAsync();
        var squares = Enumerable.Range(0, count).Select(i => new FaceSquare(new Vector2(10 * i, 5 * i), 30 + i, 0.1f * i)).ToList();
        var readings = await net.ReadAsync(pictures.Frames[0], squares, CancellationToken.None);
        readings.Count.ShouldBe(count);
        for (var i = 0; i < count; i++)
        {
            var alone = (await single.ReadAsync(pictures.Frames[0], [squares[i]], CancellationToken.None))[0];
            readings[i].Usability.ShouldBe(alone.Usability, 0.01f);
            readings[i].Points.ToArray().Zip(alone.Points.ToArray(), Vector2.Distance).Max().ShouldBeLessThan(0.05f);
        }
    }

    [Fact]
    public async Task Read_PointsInTheCrop_AreTurnedIntoThePicture()
    {
        using var net = Load(Model(points: 0.75f));
        using var pictures = await Pictures.GreyAsync(64, 48);
        var reading = (await net.ReadAsync(pictures.Frames[0], [Square with { Angle = MathF.PI / 2 }], CancellationToken.None))[0];
        reading.Points.Length.ShouldBe(Points);
        reading.Points.ToArray().ShouldAllBe(point => Vector2.Distance(point, new Vector2(18, 12)) < 1e-4f);
        reading.Usability.ShouldBe(128 * 255 / 219f - (16 * 255 / 219f), 0.1f);
    }

    [Fact]
    public async Task Read_ValuesThatAreNotFinite_AreTheModelsFault()
    {
        using var net = Load(Model(points: float.NaN));
        using var pictures = await Pictures.GreyAsync(64, 48);
        var fault = await Should.ThrowAsync<FaultException>(net.ReadAsync(pictures.Frames[0], [Square], CancellationToken.None).AsTask());
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe("tiny.onnx: the landmark net gave values that are not finite");
    }

    [Fact]
    public async Task Read_Cancelled_SaysSo()
    {
        using var net = Load(Model(points: 0));
        using var pictures = await Pictures.GreyAsync(64, 48);
        await Should.ThrowAsync<OperationCanceledException>(net.ReadAsync(pictures.Frames[0], [Square], new CancellationToken(true)).AsTask());
    }

    [Fact]
    public void Load_Embedded_SaysWhatItsManifestSays()
    {
        var template = ((LandmarkManifest)Embedded.Manifest!).Template;
        using var net = Load(threads: 2);
        net.PointCount.ShouldBe(template.Points.Count);
        net.CropFactor.ShouldBe((float)template.Factor);
        net.Model.Name.ShouldBe("embedded landmarks.onnx");
    }

    [Fact]
    public void Load_OtherModel_IsRefused() =>
        Should.Throw<FaultException>(() => Load(TinyModels.Identity)).Message
            .ShouldBe("identity.onnx: not a landmark net: image is missing or holds no floats");

    [Fact]
    public void Load_OtherSizeThanItsManifest_IsRefused() =>
        Should.Throw<FaultException>(() => Load(Model(points: 0, side: 16))).Message
            .ShouldBe("tiny.onnx: not the landmark net of its manifest: image is [-1, 1, 16, 16]; expected [-1, 1, 8, 8]");

    [Fact]
    public void Load_ModelForAnotherTask_IsRefused() =>
        Should.Throw<ArgumentException>(() => ParallelLandmarkNet.Load(
            new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceDetection, path: null), new OnnxSessionOptions(), Timeout, TimeProvider.System));

    private static ILandmarkNet Load(int threads) =>
        ParallelLandmarkNet.Load(Embedded, new OnnxSessionOptions { Threads = threads }, Timeout, TimeProvider.System);

    private static LandmarkNet Load(ModelSource model)
    {
        var template = ((LandmarkManifest)Embedded.Manifest!).Template with { Size = Side, Points = [1, 2, 3] };
        return LandmarkNet.Load(model, template, new OnnxSessionOptions { Threads = 1 }, Timeout, TimeProvider.System);
    }

    /// <summary>A net whose points are all at one place of the crop, and whose usability is the crop's brightest pixel.</summary>
    private static BytesModel Model(float points, int side = Side) => new("tiny.onnx", OnnxBuilder.Model(OnnxBuilder.Graph(
        [
            OnnxBuilder.Node("Conv", ["image", "nothing", "place"], ["flat"]),
            OnnxBuilder.Node("Reshape", ["flat", "shape"], ["points"]),
            OnnxBuilder.Node("GlobalMaxPool", ["image"], ["brightest"]),
            OnnxBuilder.Node("Flatten", ["brightest"], ["usability"]),
        ],
        [
            OnnxBuilder.FloatTensor("nothing", 0, 2 * Points, 1, side, side),
            OnnxBuilder.FloatTensor("place", points, 2 * Points),
            OnnxBuilder.Int64s("shape", -1, Points, 2),
        ],
        [OnnxBuilder.Value("image", OnnxBuilder.Float, -1, 1, side, side)],
        [OnnxBuilder.Value("points", OnnxBuilder.Float, -1, Points, 2), OnnxBuilder.Value("usability", OnnxBuilder.Float, -1, 1)])));

    private static FaceSquare SquareOf(ILandmarkNet net, Figure figure, float angle)
    {
        var (low, high) = (figure.Landmarks[0], figure.Landmarks[0]);
        foreach (var point in figure.Landmarks)
        {
            (low, high) = (Vector2.Min(low, point), Vector2.Max(high, point));
        }

        return new FaceSquare((low + high) / 2, net.CropFactor * MathF.Max(high.X - low.X, high.Y - low.Y), angle);
    }

    private static async Task<PictureSet> PaintAsync()
    {
        var clip = await SceneClips.PaintAsync(Scene);
        var pictures = new PictureSet(new FramePool(clip.Format, clip.Frames.Count));
        foreach (var bytes in clip.Frames)
        {
            bytes.CopyTo((await pictures.AddAsync()).Memory);
        }

        return pictures;
    }
}
