using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Generation;
using FaceAnonStream.Models;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Redaction;

/// <summary>
/// One face of a scene, drawn by the embedded generator and blended: the planes before any encoder are those that somebody
/// looked at. A golden is a grey picture of 64x96: luma, then Cb beside Cr. It is never made anew to get a test green.
/// </summary>
public sealed class BlendGoldenTests
{
    private const int Side = 64;

    // Without vector instructions every sample was the same; another order of a graph's sums moves single samples by one or
    // two. Another identity moved the mean by 1.1, most of the picture being none of the face.
    private const int MaxDifference = 8;
    private const double MaxMeanDifference = 0.3;
    private const double OtherFace = 0.8;

    private const int FrameIndex = 30;

    private static readonly SceneOptions Scene = new()
    {
        Width = 240,
        Height = 136,
        FrameRate = new Rational(10, 1),
        DurationSeconds = 4,
        People = 2,
        Seed = 3,
    };

    [Theory]
    [InlineData(PrivacyLevel.Strong)]
    [InlineData(PrivacyLevel.Natural)]
    public async Task Blend_FaceOfTheEmbeddedGenerator_IsAsItWas(PrivacyLevel privacy)
    {
        var name = $"blend-{privacy}.png".ToLowerInvariant();
        var actual = await BlendAsync(privacy, identity: 7);
        var (max, mean) = await DifferenceAsync(name, actual);
        if (max > MaxDifference || mean > MaxMeanDifference)
        {
            Assert.Fail($"{name}: samples differ by up to {max}, {mean:F2} on average; what was drawn lies in {await SaveAsync(name, actual)}");
        }
    }

    [Theory]
    [InlineData(PrivacyLevel.Strong)]
    [InlineData(PrivacyLevel.Natural)]
    public async Task Measures_AnotherIdentity_AreFarOff(PrivacyLevel privacy) =>
        (await DifferenceAsync($"blend-{privacy}.png".ToLowerInvariant(), await BlendAsync(privacy, identity: 8))).Mean.ShouldBeGreaterThan(OtherFace);

    private static async Task<byte[]> BlendAsync(PrivacyLevel privacy, ulong identity)
    {
        var moment = SceneClips.Script(Scene).At(FrameIndex);
        var truth = moment.Faces.MaxBy(face => face.Box.Area)!;
        var points = moment.Figures.Single(figure => figure.Person.Id == truth.Person).Landmarks;
        var format = SceneSource.FormatOf(Scene);
        using var pool = new FramePool(format, 1);
        var frame = await pool.RentAsync(0, 0, Scene.TimeBase, CancellationToken.None);
        (await SceneClips.PaintAsync(Scene)).Frames[FrameIndex].CopyTo(frame.Memory);

        var model = new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceGeneration, path: null);
        using var generator = FaceGenerators.Load(
            model, new GenerateOptions { Threads = 1, MaxWaitMs = 0 }, ProviderPreference.Cpu, TimeProvider.System);
        var latent = new IdentityLatent(FaceGenerators.ReadGallery(model)!.Draw(identity));
        var drawing = await generator.Follow(privacy).DrawAsync(frame, points, latent, CancellationToken.None);
        var face = new TrackedFace(1, truth.Box, Evidence.Observed, 0.9f, IsConfirmed: true);
        using var tracked = new TrackedFrame(frame, [face]) { Drawings = [drawing] };
        RedactionLadder.For(new RedactOptions { Privacy = privacy }, format).Apply(tracked).Kind.ShouldBe(OutcomeKind.Synthetic);
        return Cut(frame, (int)truth.Box.CenterX & ~1, (int)truth.Box.CenterY & ~1);
    }

    /// <summary>The planes around a point, as the golden has them.</summary>
    private static byte[] Cut(VideoFrame frame, int centerX, int centerY)
    {
        var picture = new byte[Side * Side * 3 / 2];
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            var side = plane == 0 ? Side : Side / 2;
            var shift = plane == 0 ? 0 : 1;
            for (var y = 0; y < side; y++)
            {
                var row = frame.Plane8(plane).Row((centerY >> shift) - (side / 2) + y).Slice((centerX >> shift) - (side / 2), side);
                row.CopyTo(picture.AsSpan(plane == 0 ? y * Side : (Side * (Side + y)) + ((plane - 1) * side)));
            }
        }

        return picture;
    }

    private static async Task<(int Max, double Mean)> DifferenceAsync(string name, byte[] actual)
    {
        var path = Path.Combine(Repository.Root, "tests/FaceAnonStream.Tests/Redaction/golden", name);
        using var ffmpeg = Command.Start("ffmpeg", ["-v", "error", "-nostdin", "-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-"]);
        var expected = new byte[actual.Length];
        await ffmpeg.StandardOutput.BaseStream.ReadExactlyAsync(expected);
        await ffmpeg.WaitForExitAsync();
        var differences = actual.Zip(expected, (a, b) => Math.Abs(a - b)).ToList();
        return (differences.Max(), differences.Average());
    }

    /// <returns>Where the picture lies.</returns>
    private static async Task<string> SaveAsync(string name, byte[] picture)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "failed-goldens")).FullName;
        var (raw, path) = (Path.Combine(folder, $"{name}.gray"), Path.Combine(folder, name));
        await File.WriteAllBytesAsync(raw, picture);
        await Command.RunAsync(
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "gray", "-s", $"{Side}x{Side * 3 / 2}", "-i", raw, path);
        File.Delete(raw);
        return path;
    }
}
