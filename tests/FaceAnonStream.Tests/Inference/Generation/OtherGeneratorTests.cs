using System.Numerics;
using System.Text.Json.Nodes;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Generation;
using FaceAnonStream.Inference.Verification;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Generation;

public sealed class OtherGeneratorTests : IDisposable
{
    private const int Size = GeneratorPackage.Size;

    /// <summary>A face of 40 x 60 pixels around (100, 100), a little wider than the template's.</summary>
    private static readonly Vector2[] Face =
        [new(100, 70), new(100, 130), new(84, 88), new(116, 88), new(100, 100), new(88, 112), new(112, 112)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FaceSwap_TargetAndSource_ComeAsTheManifestSays()
    {
        using var generator = GeneratorPackage.Load(GeneratorPackage.WriteFaceSwap(_folder));
        using var frame = await new PictureFrame(200, 200).FillAsync(luma: 235);
        using var drawing = await generator.Follow(PrivacyLevel.Strong).DrawAsync(frame.Frame, Face, Latent(3, 4, 0, 0, 0), CancellationToken.None);

        // White is 1. The projected latent (3, 0, 0, 4) has length 5: its sum is 7/5. 1.4 - 1 = 0.4 of -1..1 is 0.7.
        drawing.Size.ShouldBe(Size);
        drawing.Face.ToArray().ShouldAllBe(value => Math.Abs(value - 0.7f) < 0.01f);
        drawing.Fallback.ShouldBeNull();
    }

    [Fact]
    public async Task FaceSwap_ChannelOrder_IsTheManifests()
    {
        using var generator = GeneratorPackage.Load(GeneratorPackage.WriteFaceSwap(
            _folder, manifest => manifest["outputs"]![0]!["colour"] = "RGB"));
        using var frame = await new PictureFrame(200, 200).FillAsync(luma: 81, cb: 90, cr: 240);
        using var drawing = await generator.Follow(PrivacyLevel.Strong).DrawAsync(frame.Frame, Face, Latent(1, 1, 0, 0, 0), CancellationToken.None);

        // The graph answers in RGB with what BGR lacks: red, shown last, is what the answer's last channel lacks.
        drawing.Face.Span[0].ShouldBe(1);
        drawing.Face.Span[2 * Size * Size].ShouldBe(0.707f, tolerance: 0.02);
    }

    [Fact]
    public async Task FaceSwap_FivePoints_ComeToLieOnTheTemplate()
    {
        using var generator = GeneratorPackage.Load(GeneratorPackage.WriteFaceSwap(_folder));
        using var frame = await new PictureFrame(200, 200).FillAsync(luma: 100);
        var turned = Array.ConvertAll(Face, point => Vector2.Transform(point, Matrix3x2.CreateRotation(0.4f, new(100, 100))));
        using var drawing = await generator.Follow(PrivacyLevel.Strong).DrawAsync(frame.Frame, turned, Latent(1, 0, 0, 0, 0), CancellationToken.None);
        drawing.Square.Angle.ShouldBe(0.4f, tolerance: 1e-3);
        drawing.Square.Side.ShouldBe(80, tolerance: 1);
        Vector2.Distance(drawing.Square.FromPicture(turned[4]), new Vector2(0.5f, 0.55f)).ShouldBeLessThan(0.01f);
    }

    [Fact]
    public async Task FaceSwap_Mask_CoversEveryLandmarkAndNoEdge()
    {
        using var generator = GeneratorPackage.Load(GeneratorPackage.WriteFaceSwap(_folder, manifest =>
        {
            manifest["template"]!.AsObject().Remove("alignment");
            manifest["template"]!.AsObject().Remove("fivePoints");
        }));
        using var frame = await new PictureFrame(200, 200).FillAsync(luma: 100);
        using var drawing = await generator.Follow(PrivacyLevel.Strong).DrawAsync(frame.Frame, Face, Latent(1, 0, 0, 0, 0), CancellationToken.None);
        drawing.Square.Side.ShouldBe(1.5f * 60, tolerance: 1e-3);
        for (var i = 0; i < Size; i++)
        {
            foreach (var edge in (int[])[i, (Size * (Size - 1)) + i, Size * i, (Size * i) + Size - 1])
            {
                drawing.Mask.Span[edge].ShouldBe(0);
            }
        }

        foreach (var point in Face)
        {
            var at = drawing.Square.FromPicture(point) * (Size - 1);
            drawing.Mask.Span[((int)MathF.Round(at.Y) * Size) + (int)MathF.Round(at.X)].ShouldBeGreaterThan(0.5f);
        }

        drawing.Mask.Span[(Size / 2 * Size) + (Size / 2)].ShouldBe(1);
    }

    [Fact]
    public async Task Inpainting_Hole_IsWhereverTheDrawingIsSeen()
    {
        using var generator = GeneratorPackage.Load(GeneratorPackage.WriteInpainting(_folder));
        using var frame = await new PictureFrame(200, 200).FillAsync(luma: 235);
        using var drawing = await generator.Follow(PrivacyLevel.Strong).DrawAsync(frame.Frame, Face, new IdentityLatent(default), CancellationToken.None);
        var (mask, face) = (drawing.Mask.ToArray(), drawing.Face.ToArray());
        mask.ShouldContain(1f);
        mask.ShouldContain(0f);
        for (var i = 0; i < face.Length; i++)
        {
            // The graph adds half of the hole to what it is shown: white where the picture is, half where it was cut out.
            face[i].ShouldBe(mask[i % mask.Length] > 0 ? 0.5f : 1, tolerance: 0.01f);
        }
    }

    [Fact]
    public async Task Draw_ManyCallers_GiveEachItsOwn()
    {
        using var generator = GeneratorPackage.Load(
            GeneratorPackage.WriteFaceSwap(_folder), new GenerateOptions { MaxBatch = 4, MaxWaitMs = 1, Threads = 2 });
        using var frame = await new PictureFrame(200, 200).FillAsync(luma: 235);
        await Task.WhenAll(Enumerable.Range(1, 40).Select(i => Task.Run(async () =>
        {
            using var drawing = await generator.Follow(PrivacyLevel.Strong).DrawAsync(frame.Frame, Face, Latent(i, 40, 0, 0, 0), CancellationToken.None);
            var sum = (i + 40) / MathF.Sqrt((i * i) + 1600);
            drawing.Face.Span[0].ShouldBe(sum / 2, tolerance: 0.01f);
        })));
    }

    [Fact]
    public async Task Draw_LatentWithoutDirection_IsTheModelsFault()
    {
        using var generator = GeneratorPackage.Load(GeneratorPackage.WriteFaceSwap(_folder));
        using var frame = await new PictureFrame(200, 200).FillAsync(luma: 235);
        (await Should.ThrowAsync<FaultException>(() => generator.Follow(PrivacyLevel.Strong).DrawAsync(frame.Frame, Face, Latent(0, 0, 1, 0, 0), CancellationToken.None)))
            .Message.ShouldBe("a latent without a direction cannot be a source");
    }

    [Fact]
    public void ReadGallery_FaceSwap_NeedsNoShapes()
    {
        var gallery = FaceGenerators.ReadGallery(GeneratorPackage.Resolve(GeneratorPackage.WriteFaceSwap(_folder)))!;
        (gallery.Count, gallery.LatentLength).ShouldBe((3, 5));
    }

    [Fact]
    public void ReadGallery_Inpainting_HasNone() =>
        FaceGenerators.ReadGallery(GeneratorPackage.Resolve(GeneratorPackage.WriteInpainting(_folder))).ShouldBeNull();

    [Fact]
    public async Task Verify_OtherContracts_AreAccepted()
    {
        await ModelVerifier.VerifyAsync(
            GeneratorPackage.Resolve(GeneratorPackage.WriteFaceSwap(_folder)), TimeProvider.System, CancellationToken.None);
        await ModelVerifier.VerifyAsync(
            GeneratorPackage.Resolve(GeneratorPackage.WriteInpainting(_folder)), TimeProvider.System, CancellationToken.None);
    }

    public static TheoryData<Action<JsonObject>, string> Wrong => new()
    {
        { manifest => manifest["template"]!["contract"] = "surrogate", "gallery.json: points is missing" },
        { manifest => manifest["inputs"]![1]!["shape"] = new JsonArray("N", 5), "tiny.onnx: its input source is float [-1, 4]; expected float [N, 5]" },
        { manifest => manifest["template"]!["latent"] = JsonNode.Parse("""[["embedding", 4]]"""), "tiny: projection has 5 rows; expected 4, as a latent has numbers" },
        { manifest => manifest["template"]!["points"] = JsonNode.Parse("[10, 33, 263, 1, 61, 291]"), "tiny: point 152 is not among its landmarks" },
        { manifest => manifest["template"]!["sizes"] = JsonNode.Parse("[32, 64]"), "tiny: no graph draws 64 pixels" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Load_OtherInterface_IsRefused(Action<JsonObject> change, string message)
    {
        var fault = Should.Throw<FaultException>(() => GeneratorPackage.Load(GeneratorPackage.WriteFaceSwap(_folder, change)));
        (fault.Origin, fault.Message).ShouldBe((FaultOrigin.Model, message));
    }

    private static IdentityLatent Latent(params float[] values) => new(values);

    /// <summary>One frame of one colour, and its pool.</summary>
    private sealed class PictureFrame(int width, int height) : IDisposable
    {
        private readonly FramePool _pool = new(Formats.Of(width, height), 1);

        public VideoFrame Frame { get; private set; } = null!;

        public async Task<PictureFrame> FillAsync(byte luma, byte cb = 128, byte cr = 128)
        {
            Frame = await _pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
            var pixels = width * height;
            Frame.Memory.Span[..pixels].Fill(luma);
            Frame.Memory.Span.Slice(pixels, pixels / 4).Fill(cb);
            Frame.Memory.Span[^(pixels / 4)..].Fill(cr);
            return this;
        }

        public void Dispose()
        {
            Frame.Dispose();
            _pool.Dispose();
        }
    }
}
