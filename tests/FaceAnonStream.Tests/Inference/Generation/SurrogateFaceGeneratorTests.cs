using System.Numerics;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Generation;
using FaceAnonStream.Models;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Generation;

/// <summary>The embedded generator, as streams use it.</summary>
public sealed class SurrogateFaceGeneratorTests
{
    private static readonly CatalogModel Embedded = new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceGeneration, path: null);
    private static readonly LatentGallery Gallery = FaceGenerators.ReadGallery(Embedded)!;

    [Theory]
    [InlineData(PrivacyLevel.Strong, 20, 96)]
    [InlineData(PrivacyLevel.Strong, 110, 96)]
    [InlineData(PrivacyLevel.Strong, 150, 144)]
    [InlineData(PrivacyLevel.Strong, 400, 192)]
    [InlineData(PrivacyLevel.Natural, 80, 96)]
    [InlineData(PrivacyLevel.Natural, 110, 144)]
    [InlineData(PrivacyLevel.Natural, 150, 192)]
    public async Task Draw_FaceOfASize_TakesTheGraphThatIsSharpEnough(PrivacyLevel privacy, float height, int size)
    {
        using var generator = Load();
        using var pool = new FramePool(Formats.Of(640, 640), 1);
        using var frame = await NoiseAsync(pool, 1);
        using var drawing = await DrawAsync(generator.Follow(privacy), frame, height);
        drawing.Size.ShouldBe(size);
        drawing.Face.ToArray().ShouldAllBe(value => value >= 0 && value <= 1);
        drawing.Mask.Span[(size / 2 * size) + (size / 2)].ShouldBeGreaterThan(0.95f);
        drawing.Mask.Span[0].ShouldBe(0);
        Vector2.Distance(drawing.Square.Center, new Vector2(320)).ShouldBeLessThan(height / 5);
    }

    [Fact]
    public async Task Draw_Strong_SeesNoDetailOfThePicture()
    {
        using var generator = Load();
        using var pool = new FramePool(Formats.Of(640, 640), 1);
        float[][] faces = new float[2][];
        for (var i = 0; i < faces.Length; i++)
        {
            using var frame = await NoiseAsync(pool, seed: i);
            using var drawing = await DrawAsync(generator.Follow(PrivacyLevel.Strong), frame, 100);
            faces[i] = drawing.Face.ToArray();
        }

        faces[1].ShouldBe(faces[0], tolerance: 0.02, "other noise of the same strength has nearly the same means");
    }

    [Fact]
    public async Task Draw_Strong_FadesEarlierThanNatural()
    {
        using var generator = Load();
        using var pool = new FramePool(Formats.Of(640, 640), 1);
        using var frame = await NoiseAsync(pool, 1);
        using var strong = await DrawAsync(generator.Follow(PrivacyLevel.Strong), frame, 60);
        using var natural = await DrawAsync(generator.Follow(PrivacyLevel.Natural), frame, 60);
        strong.Mask.ToArray().Zip(natural.Mask.ToArray()).ShouldAllBe(pair => pair.First <= pair.Second + 1e-6f);
        strong.Mask.ToArray().Count(share => share > 0.95f).ShouldBeLessThan(natural.Mask.ToArray().Count(share => share > 0.95f));
        strong.Mask.ToArray().Average().ShouldBeGreaterThan(0.5f * natural.Mask.ToArray().Average());
    }

    [Theory]
    [InlineData(PrivacyLevel.Natural)]
    [InlineData(PrivacyLevel.Strong)]
    public async Task Draw_BrighterPicture_GivesABrighterFace(PrivacyLevel privacy)
    {
        using var generator = Load();
        using var pool = new FramePool(Formats.Of(640, 640), 1);
        using var dark = await NoiseAsync(pool, 1, level: 60);
        using var face = await DrawAsync(generator.Follow(privacy), dark, 100);
        var before = face.Face.ToArray().Average();
        dark.Memory.Span[..(640 * 640)].Fill(180);
        using var brighter = await DrawAsync(generator.Follow(privacy), dark, 100);
        brighter.Face.ToArray().Average().ShouldBeGreaterThan(before + 0.1f);
    }

    [Fact]
    public async Task Draw_LandmarksOfAnotherNet_AreRefused()
    {
        using var generator = Load();
        using var pool = new FramePool(Formats.Of(64, 64), 1);
        using var frame = await NoiseAsync(pool, 1);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            () => generator.Follow(PrivacyLevel.Strong).DrawAsync(frame, new Vector2[5], new IdentityLatent(Gallery.Draw(1)), CancellationToken.None));
        await Should.ThrowAsync<FaultException>(
            () => generator.Follow(PrivacyLevel.Strong).DrawAsync(frame, new Vector2[SceneClips.Recipe.MeanShape.Length].Select(_ => new Vector2(float.NaN)).ToArray(), new IdentityLatent(Gallery.Draw(1)), CancellationToken.None));
    }

    private static IFaceGenerator Load() => FaceGenerators.Load(
        Embedded, new GenerateOptions { Threads = 1, MaxWaitMs = 0 }, ProviderPreference.Cpu, TimeProvider.System);

    /// <summary>Draws a frontal face of so many pixels, in the middle.</summary>
    private static Task<FaceDrawing> DrawAsync(IFacePainter painter, VideoFrame frame, float height)
    {
        var mean = SceneClips.Recipe.MeanShape;
        var scale = height / (mean.Max(point => point.Y) - mean.Min(point => point.Y));
        Vector2[] points = [.. mean.Select(point => (new Vector2(point.X, point.Y) * scale) + new Vector2(320))];
        return painter.DrawAsync(frame, points, new IdentityLatent(Gallery.Draw(1)), CancellationToken.None);
    }

    private static async Task<VideoFrame> NoiseAsync(FramePool pool, int seed, int level = 120)
    {
        var frame = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        var random = new SplitMix64((ulong)seed);
        frame.Memory.Span.Fill(128);
        foreach (ref var value in frame.Memory.Span[..(pool.Format.Width * pool.Format.Height)])
        {
            value = (byte)(level + random.NextBelow(40) - 20);
        }

        return frame;
    }
}
