using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Scene;

/// <summary>An independent detector finds the painted faces where the script says that they are, and no others.</summary>
public sealed class SceneDetectionTests(ITestOutputHelper output)
{
    private const double Score = 0.6;
    private const float LeastWidthPx = 32;
    private const float Unoccluded = 0.95f;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Scene_UnoccludedFaces_AreFoundWhereTheTruthSays(int seed)
    {
        // Two frames a second show every phase of everybody's motion in few frames.
        var options = new SceneOptions { FrameRate = new Rational(2, 1), DurationSeconds = 16, People = 5, Seed = (ulong)seed };
        var clip = await SceneClips.PaintAsync(options);
        var found = await DetectAsync(clip);
        var (seen, missed, overlaps, pointErrors, extra) = (0, new List<string>(), new List<float>(), new List<float>(), 0);
        foreach (var (moment, faces) in SceneClips.Moments(options).Zip(found))
        {
            foreach (var truth in moment.Faces.Where(face => face.Visible >= Unoccluded && face.Box.Width >= LeastWidthPx))
            {
                var best = faces.MaxBy(face => face.Box.IntersectionOverUnion(truth.Box));
                var overlap = best.Box.IntersectionOverUnion(truth.Box);
                if (overlap < 0.4f)
                {
                    missed.Add($"frame {moment.Index}: person {truth.Person}, {truth.Box.Width:0}x{truth.Box.Height:0}, yaw {truth.YawDegrees:0}, pitch {truth.PitchDegrees:0}");
                    continue;
                }

                seen++;
                overlaps.Add(overlap);
                for (var i = 0; i < FivePoints.Count; i++)
                {
                    pointErrors.Add(System.Numerics.Vector2.Distance(best.Points[i], truth.Points[i]) / truth.Box.Width);
                }
            }

            extra += faces.Count(face => moment.Faces.All(truth => face.Box.IntersectionOverUnion(truth.Box) < 0.2f));
        }

        missed.ForEach(output.WriteLine);
        output.WriteLine($"{seen} found, {missed.Count} missed, {extra} that are no faces; mean overlap {overlaps.Average():0.00}, point error {pointErrors.Average():0.000} of the width");
        (seen + missed.Count).ShouldBeGreaterThan(50);
        ((double)seen / (seen + missed.Count)).ShouldBeGreaterThanOrEqualTo(0.95);
        overlaps.Average().ShouldBeGreaterThan(0.7f);
        pointErrors.Average().ShouldBeLessThan(0.08f);
        extra.ShouldBeLessThanOrEqualTo(1);
    }

    private static async Task<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(RawClip clip)
    {
        var options = new DetectOptions { LongSidePx = clip.Format.Width, MinScore = Score, BatchSize = 1, Threads = 2 };
        using var detector = new YuNetDetector(new ModelFile(SharedAssets.Model("yunet_n_dynamic.onnx")), options, ProviderPreference.Cpu);
        using var pool = new FramePool(clip.Format, 1);
        var faces = new List<IReadOnlyList<FaceDetection>>();
        for (var i = 0; i < clip.Frames.Count; i++)
        {
            using var frame = await pool.RentAsync(i, i, new Rational(1, 25), CancellationToken.None);
            clip.Frames[i].CopyTo(frame.Memory);
            faces.Add((await detector.DetectAsync([frame], CancellationToken.None))[0]);
        }

        return faces;
    }
}
