using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Evaluation.Networks;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Jobs;
using FaceAnonStream.Kernels;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation;

/// <summary>Noise as pictures, and a detector that sees one face in every frame of the original.</summary>
public sealed class EvaluatorTests : IDisposable
{
    private static readonly FaceDetection Face = new(new RectF(10, 10, 40, 48), 0.9f);

    private readonly EvaluationModels _models = new(
        _ => new ScriptedDetector(_ => [Face]),
        LandmarkModel.Load(new ModelCatalog(new ModelFolders([])), path: null, TimeProvider.System),
        []);

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task Evaluate_SameFrames_AreUncoveredAndFound()
    {
        using var clip = new MemoryClip("a.mp4", original: 19, anonymised: 19);

        var report = await EvaluateAsync(clip);

        (report.Clips, report.Frames, report.Tracks).ShouldBe((1, 19, 1));
        (report.Coverage.Faces, report.Coverage.UncoveredFaces).ShouldBe((19, 19));
        report.Uncovered.Select(face => face.Frame).ShouldBe(Enumerable.Range(0, 19));
        report.Uncovered[0].Box.ShouldBe(new PixelRect(10, 10, 40, 48));
        report.Utility.DetectionRate.ShouldBe(1);
        report.Identity.ShouldBeEmpty();
        report.BySize.Select(group => (group.Name, group.Coverage.Faces)).ShouldBe([("<24 px", 0), ("24-50 px", 19), (">=50 px", 0)]);
        clip.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Evaluate_SeveralClips_AddsThemUp()
    {
        using var one = new MemoryClip("a.mp4", original: 5, anonymised: 5);
        using var two = new MemoryClip("b.mp4", original: 8, anonymised: 8);
        var progress = new LastProgress();

        var report = await new Evaluator(_models).EvaluateAsync([one, two], progress, CancellationToken.None);

        report.Coverage.Faces.ShouldBe(13);
        report.ByClip.Select(group => (group.Name, group.Coverage.Faces)).ShouldBe([("a.mp4", 5), ("b.mp4", 8)]);
        (progress.Value.FramesEmitted, progress.Value.TotalFrames).ShouldBe((26, 26));
    }

    [Fact]
    public async Task Evaluate_ListedFaces_MeasuresReplacedOnesByThemselves()
    {
        var listed = new ListedFace(Face.Box, OutcomeKind.Synthetic, null);
        using var clip = new MemoryClip("a.mp4", original: 19, anonymised: 19)
        {
            ListedFrames = Enumerable.Range(0, 15).Select(frame => new ListedFrame(
                frame, [frame < 10 ? listed : listed with { Cover = OutcomeKind.Mosaic, Fallback = FallbackReason.ExtremePose }])),
        };

        var report = await EvaluateAsync(clip);

        report.Covers.ShouldBe(new CoverMeasure(new LevelCounts(10, 5, 0, 0, 0), 4, new FallbackCounts(0, 0, 0, 5, 0, 0)));
        report.BySize[1].Covers.ShouldBe(report.Covers);
        report.BySize[2].Covers!.Levels.ShouldBe(new LevelCounts(0, 0, 0, 0, 0));
        var replaced = report.Replaced.ShouldNotBeNull();
        replaced.Coverage.ShouldBe(new CoverageMeasure(10, 10));
        replaced.Utility.DetectionRate.ShouldBe(1);
        replaced.BySize.Select(group => group.Coverage.Faces).ShouldBe([0, 10, 0]);
        replaced.ByClip.ShouldHaveSingleItem().Coverage.Faces.ShouldBe(10);
    }

    [Fact]
    public async Task Evaluate_NothingListed_SaysNothingOfCovers()
    {
        using var clip = new MemoryClip("a.mp4", original: 3, anonymised: 3);

        var report = await EvaluateAsync(clip);

        report.Covers.ShouldBeNull();
        report.Replaced.ShouldBeNull();
    }

    [Theory]
    [InlineData(20, 8)]
    [InlineData(8, 20)]
    [InlineData(9, 8)]
    [InlineData(8, 9)]
    [InlineData(16, 17)]
    public async Task Evaluate_DifferentNumbersOfFrames_IsRefused(int original, int anonymised)
    {
        using var clip = new MemoryClip("a.mp4", original, anonymised);

        var fault = await Should.ThrowAsync<FaultException>(() => EvaluateAsync(clip));

        fault.Origin.ShouldBe(FaultOrigin.Source);
        fault.Message.ShouldBe($"a.mp4: the original has {original} frames, the anonymised version {anonymised}; allowed the same number");
        clip.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Evaluate_DifferentSizes_IsRefused()
    {
        using var clip = new MemoryClip("a.mp4", 4, 4, width: 66);

        var fault = await Should.ThrowAsync<FaultException>(() => EvaluateAsync(clip));

        fault.Message.ShouldBe("a.mp4: the original has 64x64 pixels, the anonymised version 66x64; allowed the same size");
    }

    [Fact]
    public async Task Evaluate_Cancelled_LetsGoOfEveryFrame()
    {
        using var clip = new MemoryClip("a.mp4", 40, 40);
        using var cancellation = new CancellationTokenSource();
        var progress = new LastProgress { Seen = value => (value.FramesEmitted > 50 ? cancellation : null)?.Cancel() };

        await Should.ThrowAsync<OperationCanceledException>(() => new Evaluator(_models).EvaluateAsync([clip], progress, cancellation.Token));

        clip.LiveFrames.ShouldBe(0);
    }

    private Task<EvaluationReport> EvaluateAsync(MemoryClip clip) =>
        new Evaluator(_models).EvaluateAsync([clip], new LastProgress(), CancellationToken.None);

    private sealed class MemoryClip(string name, int original, int anonymised, int width = 64) : IClipPair, IDisposable
    {
        private readonly FramePool _before = new(Formats.Of(64, 64), EvaluationModels.BatchSize + 1);
        private readonly FramePool _after = new(Formats.Of(width, 64), EvaluationModels.BatchSize + 1);

        public string Name => name;

        public IEnumerable<ListedFrame>? ListedFrames { get; init; }

        public long? FrameCount => original;

        public int LiveFrames => _before.LiveFrames + _after.LiveFrames;

        public IVideoSource OpenOriginal() => new MemorySource(_before, original);

        public IVideoSource OpenAnonymised() => new MemorySource(_after, anonymised);

        public void Dispose()
        {
            _before.Dispose();
            _after.Dispose();
        }
    }

    private sealed class LastProgress : IProgress<JobProgress>
    {
        public JobProgress Value { get; private set; } = JobProgress.None;

        public Action<JobProgress> Seen { get; init; } = _ => { };

        public void Report(JobProgress value)
        {
            Value = value;
            Seen(value);
        }
    }
}
