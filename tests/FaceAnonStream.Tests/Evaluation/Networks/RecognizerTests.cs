using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Networks;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Inference;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Networks;

/// <summary>A recogniser whose embedding is the mean of each channel of what it is shown.</summary>
public sealed class RecognizerTests
{
    private static readonly Vector2[] Template = [new(5, 6), new(11, 6), new(8, 9), new(6, 12), new(10, 12)];

    [Theory]
    [InlineData(false, 255, 0, 0)]
    [InlineData(true, 0, 0, 255)]
    public async Task Embed_RedFace_HasItsColourInTheContractsOrder(bool isBgr, float first, float second, float third)
    {
        using var recognizer = Load(new RecognizerContract(16, isBgr, Vector3.Zero, Vector3.One, Template));
        using var pictures = await RedAsync();

        var vector = (await EmbedAsync(recognizer, pictures.Frames[0], Points(1, Vector2.Zero)))[0];

        Direction(vector).ShouldBe(Vector3.Normalize(new Vector3(first, second, third)), 0.02f);
    }

    [Fact]
    public async Task Embed_MeanAndDeviation_AreThoseOfEachColour()
    {
        using var recognizer = Load(new RecognizerContract(16, IsBgr: false, new Vector3(155, -40, -90), new Vector3(50, 20, 30), Template));
        using var pictures = await RedAsync();

        var vector = (await EmbedAsync(recognizer, pictures.Frames[0], Points(1, Vector2.Zero)))[0];

        Direction(vector).ShouldBe(Vector3.Normalize(new Vector3(2, 2, 3)), 0.02f);
    }

    /// <summary>One pixel of the frame is bright, under the nose.</summary>
    [Fact]
    public async Task Crop_FivePoints_ComeToLieOnTheTemplate()
    {
        using var recognizer = Load(new RecognizerContract(16, IsBgr: false, Vector3.Zero, Vector3.One, Template));
        using var pictures = await Inference.Pictures.GreyAsync(128, 96);
        var frame = pictures.Frames[0];
        var points = Points(3, new Vector2(40, 20));
        frame.Plane8(0).Row((int)points[2].Y)[(int)points[2].X] = 235;

        var crop = recognizer.Crop(frame, points);

        var brightest = crop.Plane(0).IndexOf(crop.Plane(0).ToArray().Max());
        (brightest % 16, brightest / 16).ShouldBe(((int)Template[2].X, (int)Template[2].Y));
    }

    [Fact]
    public async Task Embed_ManyCrops_KeepTheirOrder()
    {
        using var recognizer = Load(new RecognizerContract(16, IsBgr: false, Vector3.Zero, Vector3.One, Template));
        using var pictures = await Inference.Pictures.GreyAsync(64, 64, 2);
        pictures.Frames[1].Plane8(2).Row(5).Fill(255);
        var crops = Enumerable.Range(0, 40).Select(i => recognizer.Crop(pictures.Frames[i % 2], Points(1, Vector2.Zero))).ToList();

        var vectors = await recognizer.EmbedAsync(crops, CancellationToken.None);

        for (var i = 2; i < vectors.Length; i++)
        {
            vectors[i].ShouldBe(vectors[i % 2]);
        }

        vectors[0].ShouldNotBe(vectors[1]);
    }

    [Fact]
    public async Task Embed_ZeroVector_IsAFault()
    {
        using var recognizer = Load(new RecognizerContract(16, IsBgr: false, new Vector3(1), new Vector3(float.PositiveInfinity), Template));
        using var pictures = await RedAsync();

        var fault = await Should.ThrowAsync<FaultException>(() => EmbedAsync(recognizer, pictures.Frames[0], Points(1, Vector2.Zero)));

        fault.Message.ShouldBe("means.onnx: gave a vector that is zero or not finite");
    }

    [Theory]
    [InlineData(24, 1)]
    [InlineData(16, 2)]
    public void Load_OtherInterface_IsAFault(int side, int outputs)
    {
        var fault = Should.Throw<FaultException>(() => new Recognizer(
            MeansOf(side, outputs), new RecognizerContract(16, IsBgr: false, Vector3.Zero, Vector3.One, Template), TimeProvider.System));

        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe("means.onnx: not a recogniser: allowed one input [1, 3, 16, 16] and one output [1, D]");
    }

    [Fact]
    public void Load_UnknownFile_NamesItsHash()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("other.onnx"), MeansOf(16).Read());

        var fault = Should.Throw<FaultException>(() => Recognizer.Load(folder.File("other.onnx"), TimeProvider.System));

        fault.Origin.ShouldBe(FaultOrigin.Configuration);
        fault.Message.ShouldStartWith($"{folder.File("other.onnx")}: not a recogniser whose input is known (SHA-256 ");
    }

    [Theory]
    [InlineData("face_reid_0095.onnx", 256)]
    [InlineData("mobilefacenet.onnx", 128)]
    [InlineData("mobileface_v2.onnx", 256)]
    public async Task Load_PublishedRecognizer_GivesUnitVectors(string file, int length)
    {
        using var recognizer = Recognizer.Load(SharedAssets.Model(file), TimeProvider.System);
        using var pictures = await RedAsync();

        var vector = (await EmbedAsync(recognizer, pictures.Frames[0], Points(1, Vector2.Zero)))[0];

        vector.Length.ShouldBe(length);
        vector.Sum(value => value * value).ShouldBe(1, 1e-4f);
        recognizer.Name.ShouldBe(Path.GetFileNameWithoutExtension(file));
    }

    private static Recognizer Load(RecognizerContract contract) => new(MeansOf(contract.Size), contract, TimeProvider.System);

    private static BytesModel MeansOf(int side, int outputs = 1) => new("means.onnx", OnnxBuilder.Model(OnnxBuilder.Graph(
        [
            OnnxBuilder.Node("GlobalAveragePool", ["picture"], ["means"]),
            .. Enumerable.Range(0, outputs).Select(i => OnnxBuilder.Node("Flatten", ["means"], [$"vector{i}"])),
        ],
        [],
        [OnnxBuilder.Value("picture", OnnxBuilder.Float, 1, 3, side, side)],
        [.. Enumerable.Range(0, outputs).Select(i => OnnxBuilder.Value($"vector{i}", OnnxBuilder.Float, 1, 3))])));

    private static Task<float[][]> EmbedAsync(Recognizer recognizer, VideoFrame frame, FivePoints points) =>
        recognizer.EmbedAsync([recognizer.Crop(frame, points)], CancellationToken.None);

    private static async Task<PictureSet> RedAsync()
    {
        var pictures = await Inference.Pictures.GreyAsync(64, 64);
        for (var y = 0; y < 64; y++)
        {
            pictures.Frames[0].Plane8(0).Row(y).Fill(81);
        }

        for (var y = 0; y < 32; y++)
        {
            pictures.Frames[0].Plane8(1).Row(y).Fill(90);
            pictures.Frames[0].Plane8(2).Row(y).Fill(240);
        }

        return pictures;
    }

    private static FivePoints Points(float scale, Vector2 shift)
    {
        var points = new FivePoints();
        for (var i = 0; i < FivePoints.Count; i++)
        {
            points[i] = shift + (scale * Template[i]);
        }

        return points;
    }

    private static Vector3 Direction(float[] vector) => new(vector[0], vector[1], vector[2]);
}

file static class VectorAssertions
{
    public static void ShouldBe(this Vector3 actual, Vector3 expected, float tolerance) =>
        Vector3.Distance(actual, expected).ShouldBeLessThan(tolerance);
}
