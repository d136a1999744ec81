using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>
/// P1 against the truth: a scene's script, not a second look, says where the faces are that must be gone. People cross,
/// leave and return in it. The output is lossless, so that every sample is the program's.
/// </summary>
public sealed class SceneClipTests : IDisposable
{
    private const float LeastWidthPx = 24;
    private const float LeastVisible = 0.3f;
    private const float FeatureShare = 0.8f;

    // As for real people: chance makes samples equal, and differences between the cells of a small face still count.
    private const double MaxSameShare = 0.2;
    private const double MaxMeanSameShare = 0.06;
    private const double CarriedDetail = 0.6;

    private static readonly SceneOptions Scene = new()
    {
        Width = 480,
        Height = 270,
        FrameRate = new Rational(10, 1),
        DurationSeconds = 6,
        People = 3,
        Seed = 6,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mosaic")]
    [InlineData("blur")]
    [InlineData("solid")]
    public async Task Run_Scene_LeavesNothingOfAnyFace(string method)
    {
        var evidence = await RunAsync(method);
        evidence.Count.ShouldBeGreaterThan(80);
        evidence.ShouldAllBe(face => face.Evidence.SameShare < MaxSameShare + 1 - face.Truth.Visible);
        var whole = evidence.Where(face => face.Truth.Visible == 1).Select(face => face.Evidence).ToList();
        whole.Average(face => face.SameShare).ShouldBeLessThan(MaxMeanSameShare);
        whole.Max(face => Math.Abs(face.DetailCorrelation)).ShouldBeLessThan(CarriedDetail);
    }

    /// <summary>The whole pipeline without a file and without a network: the truth is the detector.</summary>
    [Fact]
    public async Task Job_DetectorThatKnowsTheTruth_LeavesNothingOfAnyFace()
    {
        var moments = SceneClips.Moments(Scene);
        var format = SceneSource.FormatOf(Scene);
        var detector = new ScriptedDetector(frame =>
            [.. moments[(int)frame.Index].Faces.Select(face => new FaceDetection(face.Box, 0.9f, face.Points))]);
        var sink = new MemorySink();
        var budget = new FrameBudget(PoolFrames: 24, WindowFrames: 12);
        using var pool = new FramePool(format, budget.PoolFrames);
        await using var source = SceneSource.Open(SceneClips.Script(Scene), SceneClips.Model, pool, TimeProvider.System);
        var job = new AnonymizationJob(
            source, detector, RedactionLadder.For(new RedactOptions(), format), sink, new DetectOptions(), new TrackOptions(), budget, Scene.FrameCount);
        var result = await job.RunAsync(CancellationToken.None);
        result.Frames.ShouldBe(new FrameCounts(Scene.FrameCount, Scene.FrameCount));
        result.Faces.Observed.ShouldBe(moments.Sum(moment => moment.Faces.Count));
        result.Faces.Covered.ShouldBeGreaterThanOrEqualTo(result.Faces.Observed);
        pool.LiveFrames.ShouldBe(0);
        var output = new RawClip(format, [.. sink.Frames.Select(frame => frame.Bytes)]);
        var evidence = Compare(await SceneClips.PaintAsync(Scene), output);
        evidence.ShouldAllBe(face => face.Evidence.SameShare < MaxSameShare);
    }

    [Fact]
    public async Task Measures_SceneThatNobodyAnonymised_AreSeen()
    {
        var path = _folder.File("copy.mkv");
        await Command.RunAsync("ffmpeg", "-v", "error", "-i", await SceneClips.EncodeAsync(Scene), "-an", "-vf", "noise=alls=2", "-c:v", "ffv1", path);
        var evidence = Compare(await RawClip.DecodeAsync(await SceneClips.EncodeAsync(Scene)), await RawClip.DecodeAsync(path));
        evidence.Average(face => face.Evidence.DetailCorrelation).ShouldBeGreaterThan(CarriedDetail);
    }

    private async Task<List<(TrueFace Truth, PictureEvidence Evidence)>> RunAsync(string method)
    {
        var (input, output) = (await SceneClips.EncodeAsync(Scene), _folder.File("out.mkv"));
        var result = await Faceanon.RunAsync("run", input, output, "--method", method, "--video-codec", "ffv1");
        result.ExitCode.ShouldBe(0, result.Error);
        return Compare(await RawClip.DecodeAsync(input), await RawClip.DecodeAsync(output));
    }

    /// <summary>What is left of each true face, inside the ellipse of its features.</summary>
    private static List<(TrueFace Truth, PictureEvidence Evidence)> Compare(RawClip original, RawClip output)
    {
        output.Format.ShouldBe(original.Format);
        output.Frames.Count.ShouldBe(original.Frames.Count);
        return
        [
            .. from moment in SceneClips.Moments(Scene)
               from face in moment.Faces
               where face.Box.Width >= LeastWidthPx && face.Visible >= LeastVisible
               let frame = (int)moment.Index
               select (face, PictureEvidence.Compare(
                   original.Luma(frame), output.Luma(frame), original.Format.Width, face.Box.Scale(FeatureShare))),
        ];
    }
}
