using System.Numerics;
using System.Text;
using FaceAnonStream.Alignment;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Faults;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Surrogate;

public sealed class SurrogateGeneratorTests
{
    private const int Side = 8;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly SurrogateGallery Tiny =
        GalleryReader.Read("tiny.json", Encoding.UTF8.GetBytes(Galleries.Valid().ToJsonString()));

    public static TheoryData<string> EmbeddedSizes => [.. SceneClips.Model.Sources.Select(source => source.FileName)];

    [Theory]
    [MemberData(nameof(EmbeddedSizes))]
    public async Task Generate_Embedded_DrawsAFaceInsideTheLandmarks(string file)
    {
        using var generator = LoadEmbedded(file);
        var batch = generator.CreateBatch(1);
        Fill(batch, 0, seed: 5);
        await generator.GenerateAsync(batch, 1, CancellationToken.None);
        batch.Face(0).ToArray().ShouldAllBe(value => value >= 0 && value <= 1);
        batch.Mask(0).ToArray().ShouldAllBe(value => value >= 0 && value <= 1);
        At(batch.Mask(0), generator.Size, 0.5f, 0.5f).ShouldBeGreaterThan(0.95f);
        At(batch.Mask(0), generator.Size, 0.02f, 0.02f).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(EmbeddedSizes))]
    public async Task Generate_Batch_GivesWhatSingleCallsGive(string file)
    {
        using var generator = LoadEmbedded(file);
        var batch = generator.CreateBatch(3);
        for (var i = 0; i < 3; i++)
        {
            Fill(batch, i, seed: (ulong)i);
        }

        await generator.GenerateAsync(batch, 3, CancellationToken.None);
        var single = generator.CreateBatch(1);
        for (var i = 0; i < 3; i++)
        {
            Fill(single, 0, seed: (ulong)i);
            await generator.GenerateAsync(single, 1, CancellationToken.None);
            Difference(single.Face(0), batch.Face(i)).ShouldBeLessThan(0.002f);
            Difference(single.Mask(0), batch.Mask(i)).ShouldBeLessThan(0.002f);
        }
    }

    [Theory]
    [MemberData(nameof(EmbeddedSizes))]
    public async Task Generate_OtherLatent_DrawsAnotherFace(string file)
    {
        using var generator = LoadEmbedded(file);
        var batch = generator.CreateBatch(2);
        Fill(batch, 0, seed: 1);
        Fill(batch, 1, seed: 1);
        SceneClips.Gallery.Draw(2).CopyTo(batch.Latent(1));
        await generator.GenerateAsync(batch, 2, CancellationToken.None);
        Difference(batch.Face(0), batch.Face(1)).ShouldBeGreaterThan(0.05f);
    }

    [Theory]
    [MemberData(nameof(EmbeddedSizes))]
    public async Task Generate_FlatContext_IsAsCrispAsItsDetailAsks(string file)
    {
        using var generator = LoadEmbedded(file);
        var batch = generator.CreateBatch(3);
        for (var i = 0; i < 3; i++)
        {
            Fill(batch, i, seed: 4);
            batch.Context(i).Fill(0.5f);
        }

        batch.Detail(0).ToArray().ShouldAllBe(value => value < 0, "as in the context, unless asked for more");
        batch.Detail(1).Fill(0.015f);
        batch.Detail(2).Fill(0.03f);
        await generator.GenerateAsync(batch, 3, CancellationToken.None);
        var contrasts = Enumerable.Range(0, 3).Select(i => Contrast(batch.Face(i), generator.Size)).ToArray();
        contrasts[1].ShouldBeGreaterThan(1.2f * contrasts[0]);
        contrasts[2].ShouldBeGreaterThan(1.2f * contrasts[1]);
    }

    [Fact]
    public async Task Generate_OnlySomeOfTheBatch_LeavesTheRest()
    {
        using var generator = Load(Model(mask: 0.5f));
        var batch = generator.CreateBatch(2);
        batch.Context(0).Fill(0.25f);
        batch.Context(1).Fill(0.75f);
        await generator.GenerateAsync(batch, 1, CancellationToken.None);
        batch.Face(0).ToArray().ShouldAllBe(value => value == 0.25f);
        batch.Mask(0).ToArray().ShouldAllBe(value => value == 0.5f);
        batch.Face(1).ToArray().ShouldAllBe(value => value == 0);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Generate_ValuesThatAreNotFinite_AreTheModelsFault(float mask)
    {
        using var generator = Load(Model(mask));
        var fault = await Should.ThrowAsync<FaultException>(() => generator.GenerateAsync(generator.CreateBatch(1), 1, CancellationToken.None));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe("tiny.onnx: the generator gave values that are not finite");
    }

    [Fact]
    public async Task Generate_WrongCount_IsRefused()
    {
        using var generator = Load(Model(mask: 1));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => generator.GenerateAsync(generator.CreateBatch(1), 2, CancellationToken.None));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => generator.GenerateAsync(generator.CreateBatch(1), 0, CancellationToken.None));
    }

    [Fact]
    public async Task Generate_Cancelled_SaysSo()
    {
        using var generator = Load(Model(mask: 1));
        await Should.ThrowAsync<OperationCanceledException>(
            () => generator.GenerateAsync(generator.CreateBatch(1), 1, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Load_GalleryOfAnotherGenerator_IsRefused()
    {
        var fault = Should.Throw<FaultException>(() => Load(Model(mask: 1, latent: 7)));
        fault.Origin.ShouldBe(FaultOrigin.Model);
        fault.Message.ShouldBe("tiny.onnx: takes 3 landmarks and latents of 7; the gallery has 3 and 5");
    }

    [Fact]
    public void Load_OtherModel_IsRefused() =>
        Should.Throw<FaultException>(() => Load(TinyModels.Identity)).Message
            .ShouldBe("identity.onnx: not a surrogate generator: context is missing or holds no floats");

    [Fact]
    public void Load_ContextThatIsNotSquare_IsRefused() =>
        Should.Throw<FaultException>(() => Load(Model(mask: 1, height: 4))).Message
            .ShouldBe("tiny.onnx: not a surrogate generator: context is [-1, 3, 4, 8]");

    private static SurrogateGenerator LoadEmbedded(string file) => SurrogateGenerator.Load(
        SceneClips.Model.Sources.Single(source => source.FileName == file), SceneClips.Gallery, new OnnxSessionOptions { Threads = 1 }, Timeout, TimeProvider.System);

    private static SurrogateGenerator Load(ModelSource model) =>
        SurrogateGenerator.Load(model, Tiny, new OnnxSessionOptions { Threads = 1 }, Timeout, TimeProvider.System);

    /// <summary>A generator whose face is its context, and whose mask is one value.</summary>
    private static BytesModel Model(float mask, int latent = 5, int height = Side) => new("tiny.onnx", OnnxBuilder.Model(OnnxBuilder.Graph(
        [OnnxBuilder.Node("Identity", ["context"], ["face"]), OnnxBuilder.Node("Conv", ["context", "nothing", "value"], ["mask"])],
        [OnnxBuilder.FloatTensor("nothing", 0, 1, 3, 1, 1), OnnxBuilder.FloatTensor("value", mask, 1)],
        [
            OnnxBuilder.Value("context", OnnxBuilder.Float, -1, 3, height, Side),
            OnnxBuilder.Value("landmarks", OnnxBuilder.Float, -1, 3, 2),
            OnnxBuilder.Value("latent", OnnxBuilder.Float, -1, latent),
            OnnxBuilder.Value("detail", OnnxBuilder.Float, -1, 2),
        ],
        [OnnxBuilder.Value("face", OnnxBuilder.Float, -1, 3, height, Side), OnnxBuilder.Value("mask", OnnxBuilder.Float, -1, 1, height, Side)])));

    /// <summary>A frontal face of some identity before noise of skin colour.</summary>
    private static void Fill(FaceBatch batch, int face, ulong seed)
    {
        var gallery = SceneClips.Gallery;
        var latent = gallery.Draw(seed);
        latent.CopyTo(batch.Latent(face));
        var points = Array.ConvertAll(gallery.Shape.Neutral(latent), point => new Vector2(point.X, point.Y));
        var square = FaceSquare.Around(points, FacePoints.Forehead, FacePoints.Chin, SceneClips.Model.Margin);
        for (var i = 0; i < points.Length; i++)
        {
            square.FromPicture(points[i]).CopyTo(batch.Landmarks(face).Slice(2 * i, 2));
        }

        var random = new SplitMix64(seed);
        foreach (ref var value in batch.Context(face))
        {
            value = 0.55f + random.NextBetween(-0.1f, 0.1f);
        }
    }

    private static float At(ReadOnlySpan<float> plane, int size, float x, float y) => plane[((int)(y * size) * size) + (int)(x * size)];

    /// <summary>Mean difference of neighbours in the middle of the red plane, where the mask is full.</summary>
    private static float Contrast(ReadOnlySpan<float> face, int size)
    {
        var (sum, from, to) = (0f, size * 2 / 5, size * 3 / 5);
        for (var y = from; y < to; y++)
        {
            for (var x = from; x < to; x++)
            {
                sum += MathF.Abs(face[(y * size) + x + 1] - face[(y * size) + x]);
            }
        }

        return sum / ((to - from) * (to - from));
    }

    private static float Difference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var largest = 0f;
        for (var i = 0; i < a.Length; i++)
        {
            largest = MathF.Max(largest, MathF.Abs(a[i] - b[i]));
        }

        return largest;
    }
}
