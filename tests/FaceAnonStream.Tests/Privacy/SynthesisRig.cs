using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Alignment;
using FaceAnonStream.Tests.Generation;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>A landmark net that does whatever the test wants.</summary>
internal sealed class ScriptedNet(Func<VideoFrame, CancellationToken, Task<IReadOnlyList<LandmarkReading>>> read) : ILandmarkNet
{
    public ModelIdentity Model { get; } = new("scripted landmarks", new string('0', 64), "CPU");

    public int PointCount => AlignRig.Shape.PointCount;

    public float CropFactor => 1.25f;

    public async ValueTask<IReadOnlyList<LandmarkReading>> ReadAsync(
        VideoFrame frame, IReadOnlyList<FaceSquare> squares, CancellationToken ct) => await read(frame, ct);

    public void Dispose()
    {
    }
}

/// <summary>Draws one colour over the whole of each face, or does whatever the test wants.</summary>
/// <param name="draw">Given the frame, where the face belongs, and a good drawing of it, which it must return or dispose.</param>
internal sealed class FlatGenerator(CropPool crops, Func<long, FaceDrawing, CancellationToken, Task<FaceDrawing>> draw) : IFaceGenerator, IFacePainter
{
    public const int Size = 24;

    // As in the embedded models' topology.
    private const int Forehead = 0;
    private const int Chin = 18;

    public IReadOnlyList<ModelIdentity> Models { get; } = [new("flat", "", "none")];

    public IFacePainter Follow(PrivacyLevel privacy) => this;

    public Task<FaceDrawing> DrawAsync(VideoFrame frame, ReadOnlyMemory<Vector2> points, IdentityLatent latent, CancellationToken ct) =>
        draw(frame.Index, Drawing(crops, FaceSquare.Around(points.Span, Forehead, Chin, margin: 1.6f), 0.6f, 1), ct);

    public void Dispose()
    {
    }

    /// <summary>A drawing of one value, through a mask of one value.</summary>
    public static FaceDrawing Drawing(CropPool crops, FaceSquare square, float value, float mask)
    {
        var memory = crops.Rent(4 * Size * Size);
        var (face, shares) = (memory.Values[..(3 * Size * Size)], memory.Values[(3 * Size * Size)..]);
        face.Span.Fill(value);
        shares.Span.Fill(mask);
        return FaceDrawing.Of(square, Size, face, shares, memory);
    }
}

/// <summary>Runs a whole job over frames of noise with a face in each, and finds every lease returned at its end.</summary>
internal sealed class SynthesisRig
{
    public const int FrameCount = 60;

    public SynthesisRig() => Generator = new FlatGenerator(Crops, (_, drawing, _) => Task.FromResult(drawing));

    public CropPool Crops { get; } = new(8);

    public PrivacyLevel Privacy { get; init; } = PrivacyLevel.Natural;

    public FrameFormat Format { get; init; } = NoiseFace.Format;

    public MemorySink Sink { get; init; } = new();

    public int? SourceFailsAt { get; init; }

    public ILandmarkNet Net { get; set; } = new ScriptedNet((_, _) => Task.FromResult(Good));

    public IFaceGenerator Generator { get; set; }

    public IFaceDetector Detector { get; init; } = NoiseFace.Detector();

    /// <summary>Frames from the first to before the second in which nobody is: they may be as they were.</summary>
    public (int From, int To) Absent { get; init; }

    public IIdentityPolicy Policy { get; init; } = new NumberPolicy();

    /// <summary>Replaces the ladder that the method has.</summary>
    public RedactionLadder? Ladder { get; init; }

    /// <summary>The reading of the face where it is.</summary>
    public static IReadOnlyList<LandmarkReading> Good { get; } =
        [AlignRig.Reading(new Pose(NoiseFace.Box.CenterX, NoiseFace.Box.CenterY, NoiseFace.Box.Height))];

    /// <summary>Has the generator do something else with what it drew.</summary>
    public SynthesisRig Drawing(Func<long, FaceDrawing, CancellationToken, Task<FaceDrawing>> draw)
    {
        Generator = new FlatGenerator(Crops, draw);
        return this;
    }

    /// <summary>Has the net answer something else.</summary>
    public SynthesisRig Reading(Func<VideoFrame, CancellationToken, Task<IReadOnlyList<LandmarkReading>>> read)
    {
        Net = new ScriptedNet(read);
        return this;
    }

    /// <summary>A drawing like another in another place, or of other values.</summary>
    public FaceDrawing Instead(FaceDrawing drawing, FaceSquare? square = null, float value = 0.6f, float mask = 1)
    {
        drawing.Dispose();
        return FlatGenerator.Drawing(Crops, square ?? drawing.Square, value, mask);
    }

    public async Task<JobResult> RunAsync(CancellationToken ct = default)
    {
        var budget = new FrameBudget(PoolFrames: 32, WindowFrames: 12, AlignFrames: 6);
        using var pool = new FramePool(Format, budget.PoolFrames);
        var synthesis = new Synthesis(
            Net, SceneClips.Topology, AlignRig.Shape, Policy, Generator, Privacy, new AlignOptions(), new GenerateOptions());
        var ladder = Ladder ?? RedactionLadder.For(new RedactOptions { Method = RedactionMethod.Synthetic, Privacy = Privacy }, Format);
        var source = new MemorySource(pool, FrameCount, SourceFailsAt);
        var job = new AnonymizationJob(
            source, Detector, ladder, Sink, new DetectOptions(), new TrackOptions(), budget, FrameCount, synthesis);
        try
        {
            var result = await job.RunAsync(ct);
            result.Outcomes.Total().ShouldBe(FrameCount, "every frame has one outcome");
            Sink.IsComplete.ShouldBeTrue();
            return result;
        }
        finally
        {
            (pool.LiveFrames, Crops.LiveCrops).ShouldBe((0, 0), "every lease goes back, whatever happens");
            NoiseFace.ShouldBeGone(Sink, Format, index => index >= Absent.From && index < Absent.To);
        }
    }
}
