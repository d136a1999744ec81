using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.YuNet;

/// <summary>The real models on real pictures.</summary>
public sealed class YuNetDetectorTests
{
    private const string Default = "yunet_n_dynamic.onnx";

    private static readonly DetectOptions OneThread = new() { Threads = 1 };

    /// <summary>A street scene, 800x564, and the noses of those who face the camera.</summary>
    private static readonly Vector2[] Crossing =
        [new(62, 153), new(200, 135), new(234, 129), new(323, 148), new(485, 176), new(620, 180), new(779, 138)];

    public static TheoryData<string> Models => [.. KnownDetector.All.Select(known => known.FileName)];

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Detect_StreetScene_FindsEveryoneWhoFacesTheCamera(string model)
    {
        using var crossing = await CrossingAsync();
        var faces = (await DetectAsync(crossing, OneThread with { MinScore = 0.6 }, model))[0];
        faces.Count.ShouldBeInRange(14, 22);
        foreach (var nose in Crossing)
        {
            faces.Count(face => (face.Points[2] - nose).Length() < 8).ShouldBe(1, $"at {nose}");
        }

        faces.Zip(faces.Skip(1)).ShouldAllBe(pair => pair.First.Score >= pair.Second.Score);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Detect_OnePerson_FindsOneFaceAndItsPoints(string model)
    {
        using var photo = await Pictures.DecodeAsync(SharedAssets.Photo("photo1.jpg"), 1280, 946);
        var face = (await DetectAsync(photo, OneThread, model))[0].ShouldHaveSingleItem();
        Overlap(face.Box, new RectF(530, 215, 105, 145)).ShouldBeGreaterThan(0.7f);
        var (rightEye, leftEye, nose, rightMouth, leftMouth) =
            (face.Points[0], face.Points[1], face.Points[2], face.Points[3], face.Points[4]);
        rightEye.X.ShouldBeLessThan(leftEye.X);
        rightMouth.X.ShouldBeLessThan(leftMouth.X);
        nose.Y.ShouldBeInRange(Math.Max(rightEye.Y, leftEye.Y), Math.Min(rightMouth.Y, leftMouth.Y));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Detect_NobodyThere_FindsNobody(string model)
    {
        using var photo = await Pictures.DecodeAsync(SharedAssets.Photo("photo6.jpg"), 1280, 866);
        (await DetectAsync(photo, OneThread with { MinScore = 0.7 }, model))[0].ShouldBeEmpty();
    }

    [Theory]
    [InlineData("yunet_n_dynamic.onnx", 1)]
    [InlineData("yunet_n_dynamic.onnx", 2)]
    [InlineData("yunet_s_dynamic.onnx", 1)]
    [InlineData("face_detection_yunet_2023mar.onnx", 1)]
    public async Task Detect_Batch_EqualsOneByOne(string model, int tiles)
    {
        using var clip = await Pictures.DecodeAsync(SharedAssets.Clip("street-walk.mp4"), 376, 208, count: 6);
        var options = OneThread with { LongSidePx = 376, Tiles = tiles };
        var batched = await DetectAsync(clip, options with { BatchSize = 4 }, model);
        batched.Count.ShouldBe(6);
        batched.Sum(faces => faces.Count).ShouldBeGreaterThan(12);
        using var detector = Detector(options, model);
        for (var i = 0; i < batched.Count; i++)
        {
            var single = (await detector.DetectAsync([clip.Frames[i]], CancellationToken.None))[0];
            single.Count.ShouldBe(batched[i].Count);
            ShouldHold(single, batched[i], pixels: 0.05f);
        }
    }

    [Theory]
    [InlineData("yuv422p")]
    [InlineData("yuv444p")]
    [InlineData("yuv420p10le")]
    [InlineData("yuv422p10le")]
    [InlineData("yuv444p10le")]
    public async Task Detect_AnyPixelFormat_FindsTheSameFaces(string pixelFormat)
    {
        using var reference = await CrossingAsync();
        using var other = await CrossingAsync(pixelFormat);
        // Rounding moves scores a little: which of two near-equal boxes stays, and what passes the threshold, may differ.
        var options = OneThread with { MinScore = 0.5 };
        var (faces, others) = ((await DetectAsync(reference, options))[0], (await DetectAsync(other, options))[0]);
        faces.Count(face => face.Score > 0.7f).ShouldBeGreaterThan(12);
        faces.Where(face => face.Score > 0.7f).ShouldAllBe(face => others.Any(found => Overlap(face.Box, found.Box) > 0.5f));
        others.Where(face => face.Score > 0.7f).ShouldAllBe(face => faces.Any(found => Overlap(face.Box, found.Box) > 0.5f));
        ShouldHold(others, faces.Where(face => face.Score > 0.9f), pixels: 1.5f);
    }

    [Fact]
    public async Task Detect_TilesOnSmallFaces_FindsMoreAndNothingTwice()
    {
        // A 4K wall of 36 copies of the street scene: faces of 15 to 45 px.
        using var wall = await Pictures.DecodeAsync(
            SharedAssets.Photo("city-crossing.jpg"), 3840, 2160, filter: "scale=640:360,loop=35:1:0,tile=6x6");
        var whole = (await DetectAsync(wall, OneThread))[0];
        var tiled = (await DetectAsync(wall, OneThread with { Tiles = 4 }))[0];
        tiled.Count.ShouldBeGreaterThan(whole.Count + 100);
        whole.Count(face => tiled.All(found => Overlap(face.Box, found.Box) < (float)OneThread.NmsIou)).ShouldBe(0);
        for (var i = 0; i < tiled.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                tiled[i].Box.IntersectionOverUnion(tiled[j].Box).ShouldBeLessThanOrEqualTo((float)OneThread.NmsIou + 0.05f);
            }
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 0.15)]
    [InlineData(3, 0.15)]
    [InlineData(5, 0.3)]
    public async Task Detect_TilesAcrossALargeFace_FindsItOnceAndWhole(int tiles, double overlap)
    {
        using var photo = await Pictures.DecodeAsync(
            SharedAssets.Photo("photo1.jpg"), 1280, 800, filter: "crop=320:200:420:180");
        var whole = (await DetectAsync(photo, OneThread))[0].ShouldHaveSingleItem();
        var options = OneThread with { Tiles = tiles, TileOverlap = overlap, MinScore = 0.5 };
        var tiled = (await DetectAsync(photo, options))[0].ShouldHaveSingleItem();
        Overlap(tiled.Box, whole.Box).ShouldBeGreaterThan(0.6f);
    }

    [Fact]
    public async Task Detect_TallFrameOnAFixedSizeModel_MapsBackToTheFrame()
    {
        using var tall = await Pictures.DecodeAsync(SharedAssets.Photo("photo1.jpg"), 540, 946, filter: "crop=540:946:300:0");
        var face = (await DetectAsync(tall, OneThread with { MinScore = 0.5 }, "face_detection_yunet_2023mar.onnx"))[0].ShouldHaveSingleItem();
        Overlap(face.Box, new RectF(230, 215, 105, 145)).ShouldBeGreaterThan(0.7f);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(2000, 1)]
    [InlineData(1, 2000)]
    public async Task Detect_FrameOfExtremeShape_IsLookedAt(int width, int height)
    {
        using var grey = await Pictures.GreyAsync(width, height);
        foreach (var tiles in new[] { 1, 8 })
        {
            (await DetectAsync(grey, OneThread with { Tiles = tiles }))[0].ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Detect_AnotherFormat_AdaptsBetweenCalls()
    {
        using var detector = Detector(OneThread with { MinScore = 0.7 });
        using var large = await Pictures.DecodeAsync(SharedAssets.Photo("photo1.jpg"), 1280, 946);
        using var small = await Pictures.DecodeAsync(SharedAssets.Photo("photo1.jpg"), 320, 236);
        foreach (var (pictures, scale) in new[] { (large, 1f), (small, 0.25f), (large, 1f) })
        {
            var face = (await detector.DetectAsync(pictures.Frames, CancellationToken.None))[0].ShouldHaveSingleItem();
            Overlap(face.Box, new RectF(530 * scale, 215 * scale, 105 * scale, 145 * scale)).ShouldBeGreaterThan(0.6f);
        }

        await Should.ThrowAsync<ArgumentException>(
            async () => await detector.DetectAsync([large.Frames[0], small.Frames[0]], CancellationToken.None));
    }

    [Fact]
    public async Task Detect_CancelledBefore_LooksAtNothing()
    {
        using var detector = Detector(OneThread);
        using var crossing = await CrossingAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await detector.DetectAsync(crossing.Frames, new CancellationToken(canceled: true)));
        (await detector.DetectAsync(crossing.Frames, CancellationToken.None))[0].ShouldNotBeEmpty();
    }

    private static Task<PictureSet> CrossingAsync(string pixelFormat = "yuv420p") =>
        Pictures.DecodeAsync(SharedAssets.Photo("city-crossing.jpg"), 800, 564, pixelFormat: pixelFormat);

    private static YuNetDetector Detector(DetectOptions options, string model = Default) =>
        new(new ModelFile(SharedAssets.Model(model)), options, ProviderPreference.Cpu);

    private static async Task<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(
        PictureSet pictures, DetectOptions options, string model = Default)
    {
        using var detector = Detector(options, model);
        return await detector.DetectAsync(pictures.Frames, CancellationToken.None);
    }

    private static float Overlap(RectF a, RectF b) => a.IntersectionOverUnion(b);

    private static void ShouldHold(IReadOnlyList<FaceDetection> all, IEnumerable<FaceDetection> wanted, float pixels)
    {
        foreach (var face in wanted)
        {
            all.ShouldContain(other =>
                Math.Abs(face.Box.CenterX - other.Box.CenterX) <= pixels
                && Math.Abs(face.Box.CenterY - other.Box.CenterY) <= pixels
                && Math.Abs(face.Box.Width - other.Box.Width) <= 2 * pixels
                && Math.Abs(face.Box.Height - other.Box.Height) <= 2 * pixels);
        }
    }
}
