using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.YuNet;

/// <summary>The embedded detector against the published one, on clips that nobody trained it on.</summary>
public sealed class EmbeddedDetectorTests
{
    private const double SureScore = 0.6;
    private const double MinOverlap = 0.5;
    private const float LeastSide = 32;
    private const int FramesPerClip = 14;

    // Just below what the detector does on these frames, so that a worse one is noticed. Most of what it "misses" is a
    // blurred tower in two-men that the published detector takes for a face; the rest are profiles.
    private const double LeastRecall = 0.75;
    private const double LeastPrecision = 0.85;

    [Fact]
    public async Task Detect_HeldOutClips_FindsWhatThePublishedDetectorFinds()
    {
        var tally = new Tally();
        foreach (var (clip, step) in ((string, int)[])[("baseball-640x360.mp4", 30), ("two-men-480p.mp4", 3)])
        {
            using var pictures = await Pictures.DecodeAsync(
                SharedAssets.Clip(clip), 640, 360, FramesPerClip, filter: $"framestep={step}");
            var reference = await DetectAsync(pictures, new ModelFile(SharedAssets.Model("yunet_n_dynamic.onnx")));
            var found = await DetectAsync(pictures, Embedded.Graph);
            foreach (var (published, own) in reference.Zip(found))
            {
                tally.Count(published, own);
            }
        }

        tally.Reference.ShouldBeGreaterThan(30);
        tally.Recall.ShouldBeGreaterThan(LeastRecall);
        tally.Precision.ShouldBeGreaterThan(LeastPrecision);
    }

    private static CatalogModel Embedded => new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceDetection, null);

    private static async Task<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(PictureSet pictures, ModelSource model)
    {
        var options = new DetectOptions { Threads = 2, BatchSize = pictures.Frames.Count };
        using var detector = new YuNetDetector(model, options, ProviderPreference.Cpu);
        return await detector.DetectAsync(pictures.Frames, CancellationToken.None);
    }

    /// <summary>
    /// Counts faces of 32 pixels and more at the program's default score. What the published detector doubts counts neither
    /// for nor against.
    /// </summary>
    private sealed class Tally
    {
        private int _recalled;
        private int _found;
        private int _right;

        public int Reference { get; private set; }

        public double Recall => (double)_recalled / Reference;

        public double Precision => (double)_right / _found;

        public void Count(IReadOnlyList<FaceDetection> published, IReadOnlyList<FaceDetection> own)
        {
            var large = own.Where(IsLarge).ToList();
            foreach (var face in published.Where(face => face.Score >= SureScore && IsLarge(face)))
            {
                Reference++;
                _recalled += own.Any(other => Overlap(face, other)) ? 1 : 0;
            }

            _found += large.Count;
            _right += large.Count(face => published.Any(other => Overlap(face, other)));
        }

        private static bool IsLarge(FaceDetection face) => Math.Max(face.Box.Width, face.Box.Height) >= LeastSide;

        private static bool Overlap(FaceDetection face, FaceDetection other) => face.Box.IntersectionOverUnion(other.Box) >= MinOverlap;
    }
}
