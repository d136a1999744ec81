using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Pictures;

/// <summary>On scenes, whose truth says where the faces are.</summary>
public sealed class OriginalVisibilityTests : IDisposable
{
    private const float Unoccluded = 0.95f;
    private const float LeastSidePx = 24;

    private static readonly SceneOptions Scene = new()
    {
        Width = 640,
        Height = 360,
        FrameRate = new Rational(5, 1),
        DurationSeconds = 4,
        People = 4,
        Seed = 5,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("20", 1)]
    [InlineData("35", 0.95)]
    public async Task IsOriginal_EncodedAnew_IsTrue(string crf, double share)
    {
        var path = _folder.File("bad.mp4");
        await Command.RunAsync(
            "ffmpeg", "-v", "error", "-i", await SceneClips.EncodeAsync(Scene), "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", crf, path);

        var seen = await CompareAsync(await OriginalAsync(), await RawClip.DecodeAsync(path));

        seen.Count.ShouldBeGreaterThan(30);
        seen.Average(isOriginal => isOriginal ? 1.0 : 0).ShouldBeGreaterThanOrEqualTo(share);
    }

    [Theory]
    [InlineData("mosaic")]
    [InlineData("blur")]
    [InlineData("solid")]
    public async Task IsOriginal_Covered_IsFalse(string method)
    {
        var path = _folder.File("covered.mkv");
        var result = await Faceanon.RunBareAsync("run", await SceneClips.EncodeAsync(Scene), path, "--method", method, "--video-codec", "ffv1");
        result.ExitCode.ShouldBe(0, result.Error);

        var seen = await CompareAsync(await OriginalAsync(), await RawClip.DecodeAsync(path));

        seen.ShouldAllBe(isOriginal => !isOriginal);
    }

    /// <summary>Another face of the scene, scaled to the same box and to the same mean light. Two faces of one generator in
    /// one pose and light can be alike: few may be taken for each other.</summary>
    [Fact]
    public async Task IsOriginal_SomebodyElsesFace_IsHardlyEverTrue()
    {
        var original = await OriginalAsync();
        var faces = Faces(original).ToList();
        var (compared, mistaken) = (0, 0);
        foreach (var (frame, face) in faces)
        {
            var other = faces.FirstOrDefault(other => other.Frame == frame && other.Face.Person != face.Person);
            if (other.Face is not null)
            {
                var pasted = (byte[])original.Frames[frame].Clone();
                Paste(original, frame, other.Face.Box, face.Box, pasted);
                mistaken += await IsOriginalAsync(original.Format, original.Frames[frame], pasted, face) ? 1 : 0;
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(10);
        ((double)mistaken / compared).ShouldBeLessThan(0.05, $"{mistaken} of {compared}");
    }

    [Theory]
    [InlineData(0.86f, 0.81f, 13, false)]
    [InlineData(0.86f, 0.81f, 16, true)]
    [InlineData(0.76f, 0.86f, 13, true)]
    [InlineData(0.74f, 0.99f, 13, false)]
    [InlineData(0.74f, 0.74f, 23.9f, false)]
    [InlineData(0.74f, 0.74f, 24, true)]
    [InlineData(0.64f, 0.99f, 24, false)]
    public void IsOriginal_LittleToSee_MustAgreeMore(float likeness, float detail, float sidePx, bool expected) =>
        new OriginalVisibility(likeness, detail).IsOriginal(sidePx).ShouldBe(expected);

    private static async Task<RawClip> OriginalAsync() => await RawClip.DecodeAsync(await SceneClips.EncodeAsync(Scene));

    private static IEnumerable<(int Frame, TrueFace Face)> Faces(RawClip clip) =>
        from moment in SceneClips.Moments(Scene)
        from face in moment.Faces
        where face.Visible >= Unoccluded && MathF.Max(face.Box.Width, face.Box.Height) >= LeastSidePx && moment.Index < clip.Frames.Count
        select ((int)moment.Index, face);

    private static async Task<List<bool>> CompareAsync(RawClip original, RawClip output)
    {
        var seen = new List<bool>();
        foreach (var (frame, face) in Faces(original))
        {
            seen.Add(await IsOriginalAsync(original.Format, original.Frames[frame], output.Frames[frame], face));
        }

        return seen;
    }

    private static async Task<bool> IsOriginalAsync(FrameFormat format, byte[] original, byte[] output, TrueFace face)
    {
        using var pool = new FramePool(format, 2);
        using var before = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        using var after = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        original.CopyTo(before.Memory);
        output.CopyTo(after.Memory);
        var detection = new FaceDetection(face.Box, 0.9f, face.Points);
        return OriginalVisibility.Of(before, after, detection).IsOriginal(detection.SidePx());
    }

    private static void Paste(RawClip clip, int frame, RectF from, RectF to, byte[] output)
    {
        var (width, height) = (clip.Format.Width, clip.Format.Height);
        var shift = (int)(Mean(to) - Mean(from));
        for (var y = Math.Max(0, (int)to.Y); y < Math.Min(height, to.Bottom); y++)
        {
            for (var x = Math.Max(0, (int)to.X); x < Math.Min(width, to.Right); x++)
            {
                var column = Math.Clamp((int)(from.X + ((x - to.X) * from.Width / to.Width)), 0, width - 1);
                var row = Math.Clamp((int)(from.Y + ((y - to.Y) * from.Height / to.Height)), 0, height - 1);
                output[(y * width) + x] = (byte)Math.Clamp(clip.Luma(frame)[(row * width) + column] + shift, 16, 235);
            }
        }

        double Mean(RectF box)
        {
            var (sum, count) = (0.0, 0);
            for (var y = Math.Max(0, (int)box.Y); y < Math.Min(height, box.Bottom); y++)
            {
                for (var x = Math.Max(0, (int)box.X); x < Math.Min(width, box.Right); x++)
                {
                    sum += clip.Luma(frame)[(y * width) + x];
                    count++;
                }
            }

            return sum / count;
        }
    }
}
