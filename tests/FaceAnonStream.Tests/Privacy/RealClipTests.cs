using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>
/// P1 on real people: the program runs as users run it, and a second look at the original, at another scale, says where
/// the faces are that must be gone from the output. The output is lossless, so that every sample is the program's.
/// </summary>
public sealed class RealClipTests : IDisposable
{
    private const int Step = 3;
    private const double FaceScore = 0.6;

    // A flat cell's mean equals the sample under it by chance: 2 to 4 % on average, 14 % where skin is smooth.
    private const double MaxSameShare = 0.2;
    private const double MaxMeanSameShare = 0.05;

    // In a face of a dozen pixels a cell is two pixels wide, and what differs between cells still counts as detail:
    // up to 0.45. A copy with noise of 4 grey levels reaches 0.96.
    private const double CarriedDetail = 0.6;
    private const double MaxMeanCorrelation = 0.1;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("street-walk.mp4", "mosaic", 100)]
    [InlineData("street-walk.mp4", "blur", 100)]
    [InlineData("head-pose-face-detection-female-and-male.mp4", "solid", 20)]
    [InlineData("head-pose-face-detection-female-and-male.mp4", "mosaic", 20)]
    [InlineData("classroom.mp4", "blur", 20)]
    [InlineData("classroom.mp4", "solid", 20)]
    public async Task Run_RealPeople_LeavesNothingOfTheirFaces(string clip, string method, int leastFaces)
    {
        var (original, output) = await RedactAsync(clip, method);
        var faces = await DetectAsync(original, longSide: 960, FaceScore, Step);
        var evidence = Compare(original, output, faces);
        evidence.Count.ShouldBeGreaterThan(leastFaces);
        evidence.Max(face => face.SameShare).ShouldBeLessThan(MaxSameShare);
        evidence.Average(face => face.SameShare).ShouldBeLessThan(MaxMeanSameShare);
        evidence.Max(face => Math.Abs(face.DetailCorrelation)).ShouldBeLessThan(CarriedDetail);
        evidence.Average(face => Math.Abs(face.DetailCorrelation)).ShouldBeLessThan(MaxMeanCorrelation);

        // A detector may still take a covered head for a face; it may not be the face.
        var remaining = await DetectAsync(output, longSide: 960, FaceScore, Step);
        Carried(original, output, faces, remaining).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("street-walk.mp4", "mosaic")]
    [InlineData("classroom.mp4", "blur")]
    [InlineData("classroom.mp4", "solid")]
    public async Task Run_FarFromEveryFace_ChangesNothing(string clip, string method)
    {
        var (original, output) = await RedactAsync(clip, method);
        var isFar = FarFrom(await DetectAsync(original, longSide: 640, minScore: 0.25, step: 1), original.Format);
        isFar.Count(far => far).ShouldBeGreaterThan(isFar.Length / 10, "there must be something to compare");
        for (var frame = 0; frame < original.Frames.Count; frame++)
        {
            var (before, after) = (original.Frames[frame], output.Frames[frame]);
            Enumerable.Range(0, isFar.Length).Count(i => isFar[i] && before[i] != after[i]).ShouldBe(0, $"frame {frame}");
        }
    }

    [Theory]
    [InlineData("street-walk.mp4", "null")]
    [InlineData("street-walk.mp4", "eq=brightness=0.1:contrast=0.8")]
    [InlineData("classroom.mp4", "noise=alls=4")]
    public async Task Measures_FacesThatNobodyCovered_AreSeen(string clip, string filter)
    {
        var path = _folder.File("uncovered.mkv");
        await Command.RunAsync(
            "ffmpeg", "-v", "error", "-i", SharedAssets.Clip(clip), "-an", "-vf", filter, "-frames:v", "12", "-pix_fmt", "yuv420p", "-c:v", "ffv1", path);
        var uncovered = await RawClip.DecodeAsync(path);
        var original = await RawClip.DecodeAsync(SharedAssets.Clip(clip));
        original = original with { Frames = [.. original.Frames.Take(uncovered.Frames.Count)] };
        var faces = await DetectAsync(original, longSide: 960, FaceScore, Step);
        var evidence = Compare(original, uncovered, faces);
        evidence.Average(face => face.DetailCorrelation).ShouldBeGreaterThan(CarriedDetail);
        var seen = await DetectAsync(uncovered, longSide: 960, FaceScore, Step);
        Carried(original, uncovered, faces, seen).Count.ShouldBeGreaterThan(evidence.Count / 2);
    }

    private async Task<(RawClip Original, RawClip Output)> RedactAsync(string clip, string method)
    {
        var (input, path) = (SharedAssets.Clip(clip), _folder.File("out.mkv"));
        var result = await Faceanon.RunAsync("run", input, path, "--method", method, "--video-codec", "ffv1");
        result.ExitCode.ShouldBe(0, result.Error);
        var (original, output) = (await RawClip.DecodeAsync(input), await RawClip.DecodeAsync(path));
        output.Format.ShouldBe(original.Format);
        output.Frames.Count.ShouldBe(original.Frames.Count);
        return (original, output);
    }

    /// <summary>The faces of every <paramref name="step"/>-th frame, by frame; the frames between have none.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(RawClip clip, int longSide, double minScore, int step)
    {
        var model = new ModelFile(SharedAssets.Model("yunet_n_dynamic.onnx"));
        var options = new DetectOptions { LongSidePx = longSide, MinScore = minScore, BatchSize = 1, Threads = 2 };
        using var detector = new YuNetDetector(model, options, ProviderPreference.Cpu);
        using var pool = new FramePool(clip.Format, 1);
        var faces = new IReadOnlyList<FaceDetection>[clip.Frames.Count];
        Array.Fill(faces, []);
        for (var i = 0; i < faces.Length; i += step)
        {
            using var frame = await pool.RentAsync(i, i, new Rational(1, 25), CancellationToken.None);
            clip.Frames[i].CopyTo(frame.Memory);
            faces[i] = (await detector.DetectAsync([frame], CancellationToken.None))[0];
        }

        return faces;
    }

    private static List<PictureEvidence> Compare(RawClip original, RawClip output, IReadOnlyList<IReadOnlyList<FaceDetection>> faces) =>
    [
        .. from frame in Enumerable.Range(0, faces.Count)
           from face in faces[frame]
           select Compare(original, output, frame, face.Box),
    ];

    private static PictureEvidence Compare(RawClip original, RawClip output, int frame, RectF box) =>
        PictureEvidence.Compare(original.Luma(frame), output.Luma(frame), original.Format.Width, box);

    /// <summary>Faces seen in the output where the original has one, that still carry its detail.</summary>
    private static List<FaceDetection> Carried(
        RawClip original, RawClip output, IReadOnlyList<IReadOnlyList<FaceDetection>> faces, IReadOnlyList<IReadOnlyList<FaceDetection>> remaining) =>
    [
        .. from frame in Enumerable.Range(0, remaining.Count)
           from seen in remaining[frame]
           where faces[frame].Any(face => face.Box.IntersectionOverUnion(seen.Box) > 0.3f)
           where Compare(original, output, frame, seen.Box).DetailCorrelation > CarriedDetail
           select seen,
    ];

    /// <summary>Samples of every plane that are, in every frame, two sizes away from the middle of whatever may be a face.</summary>
    private static bool[] FarFrom(IReadOnlyList<IReadOnlyList<FaceDetection>> faces, FrameFormat format)
    {
        var isFar = new bool[format.SizeBytes];
        Array.Fill(isFar, true);
        foreach (var face in faces.SelectMany(list => list))
        {
            // A head is less than twice the box of its face, and grows to 1.6 of that while it is held unseen.
            var side = 4 * Math.Max(face.Box.Width, face.Box.Height);
            var near = RectF.FromCenter(face.Box.CenterX, face.Box.CenterY, side, side);
            for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
            {
                var area = plane == 0 ? near : Halve(near);
                Clear(isFar.AsSpan(format.PlaneOffset(plane)), format.PlaneWidth(plane), format.PlaneHeight(plane), area);
            }
        }

        return isFar;
    }

    private static RectF Halve(RectF luma) => new(luma.X / 2, luma.Y / 2, luma.Width / 2, luma.Height / 2);

    private static void Clear(Span<bool> plane, int width, int height, RectF area)
    {
        var left = Math.Clamp((int)area.X, 0, width);
        var right = Math.Clamp((int)area.Right + 1, 0, width);
        for (var y = Math.Max(0, (int)area.Y); y < Math.Min(height, area.Bottom); y++)
        {
            plane.Slice((y * width) + left, right - left).Clear();
        }
    }
}
