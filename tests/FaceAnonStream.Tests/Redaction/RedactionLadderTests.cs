using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Redaction;

public sealed class RedactionLadderTests : IDisposable
{
    private static readonly SolidColor Color = new(50, 60, 70);
    private static readonly TrackedFace First = new(1, new RectF(4, 4, 20, 20), Evidence.Observed, 0.9f);
    private static readonly TrackedFace Second = new(2, new RectF(30, 4, 20, 20), Evidence.Filled, 0);

    private readonly FramePool _pool = new(Formats.Of(64, 32), 1);
    private readonly List<string> _calls = [];

    public void Dispose()
    {
        _pool.LiveFrames.ShouldBe(0);
        _pool.Dispose();
    }

    [Fact]
    public async Task Apply_NoFaces_ChangesNothing()
    {
        using var tracked = await TrackedAsync();
        Ladder(Cover(OutcomeKind.Solid)).Apply(tracked).ShouldSatisfyAllConditions(
            outcome => outcome.Kind.ShouldBe(OutcomeKind.NoFace),
            outcome => outcome.Faces.ShouldBeEmpty(),
            outcome => outcome.Failure.ShouldBeNull());
        tracked.Frame.Memory.ToArray().ShouldAllBe(value => value == 200);
        _calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_RungsWork_UsesTheFirstForEveryFace()
    {
        using var tracked = await TrackedAsync(First, Second);
        var outcome = Ladder(Cover(OutcomeKind.Blur), Cover(OutcomeKind.Solid)).Apply(tracked);
        _calls.ShouldBe(["Blur 2", "Blur 1"]);
        outcome.Kind.ShouldBe(OutcomeKind.Blur);
        outcome.Faces.ShouldBe([new FaceOutcome(First, OutcomeKind.Blur), new FaceOutcome(Second, OutcomeKind.Blur)]);
        outcome.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Apply_RungFailsOnOneFace_FallsOnlyThereAndSaysWhy()
    {
        using var tracked = await TrackedAsync(First, Second);
        var mosaic = Cover(OutcomeKind.Mosaic, face => throw new InvalidOperationException($"boom {face.TrackId}"), onlyTrack: 1);
        var outcome = Ladder(mosaic, Cover(OutcomeKind.Solid)).Apply(tracked);
        _calls.ShouldBe(["Mosaic 2", "Mosaic 1", "Solid 1"]);
        outcome.Kind.ShouldBe(OutcomeKind.Solid);
        outcome.Faces.Select(face => face.Kind).ShouldBe([OutcomeKind.Solid, OutcomeKind.Mosaic]);
        outcome.Failure.ShouldBe("Mosaic failed: boom 1");
    }

    [Fact]
    public async Task Apply_EveryRungFails_CoversTheWholeFrameAndNamesTheFirstFailure()
    {
        using var tracked = await TrackedAsync(First, Second);
        var outcome = Ladder(
            Cover(OutcomeKind.Blur, _ => throw new InvalidOperationException("first")),
            Cover(OutcomeKind.Solid, _ => throw new InvalidOperationException("second"))).Apply(tracked);
        outcome.Kind.ShouldBe(OutcomeKind.WholeFrame);
        outcome.Faces.Select(face => face.Kind).ShouldBe([OutcomeKind.WholeFrame, OutcomeKind.WholeFrame]);
        outcome.Failure.ShouldBe("Blur failed: first");
        AssertOneColor(tracked.Frame);
    }

    [Fact]
    public async Task Apply_DrawingFellBack_SkipsTheSyntheticRungAndCountsWhy()
    {
        using var tracked = new TrackedFrame(await FrameAsync(), [First, Second])
        {
            Drawings = [Drawing(), FaceDrawing.Fallen(FallbackReason.ExtremePose)],
        };
        var outcome = Ladder(Cover(OutcomeKind.Synthetic), Cover(OutcomeKind.Mosaic)).Apply(tracked);
        _calls.ShouldBe(["Mosaic 2", "Synthetic 1"]);
        outcome.Faces.ShouldBe(
        [
            new FaceOutcome(First, OutcomeKind.Synthetic),
            new FaceOutcome(Second, OutcomeKind.Mosaic, FallbackReason.ExtremePose),
        ]);
        outcome.Kind.ShouldBe(OutcomeKind.Mosaic);
        outcome.Failure.ShouldBeNull();
    }

    [Fact]
    public async Task Apply_DrawingMissingOrNotBlended_CountsAsModelFailure()
    {
        using var missing = await TrackedAsync(First);
        var synthetic = Cover(OutcomeKind.Synthetic, _ => throw new InvalidOperationException("boom"));
        Ladder(synthetic, Cover(OutcomeKind.Mosaic)).Apply(missing).Faces
            .ShouldBe([new FaceOutcome(First, OutcomeKind.Mosaic, FallbackReason.ModelFailure)]);
        _calls.ShouldBe(["Mosaic 1"]);

        using var frame = missing.Frame;
        var broken = new TrackedFrame(frame, [First]) { Drawings = [Drawing()] };
        var outcome = Ladder(synthetic, Cover(OutcomeKind.Mosaic)).Apply(broken);
        outcome.Faces.ShouldBe([new FaceOutcome(First, OutcomeKind.Mosaic, FallbackReason.ModelFailure)]);
        outcome.Failure.ShouldBe("Synthetic failed: boom");
    }

    [Fact]
    public async Task Apply_SeenAndBelieved_CoversTheBelievedFirst()
    {
        var held = new TrackedFace(3, new RectF(0, 0, 30, 30), Evidence.Filled, 0);
        using var tracked = await TrackedAsync(First, held);
        Ladder(Cover(OutcomeKind.Mosaic)).Apply(tracked);
        _calls.ShouldBe(["Mosaic 3", "Mosaic 1"]);
    }

    [Fact]
    public async Task Apply_HeadsOfDifferentSize_CoversTheSmallestFirst()
    {
        var near = new TrackedFace(3, new RectF(0, 0, 30, 30), Evidence.Observed, 0.9f);
        using var tracked = await TrackedAsync(near, First);
        var outcome = Ladder(Cover(OutcomeKind.Mosaic, _ => throw new InvalidOperationException("boom"), onlyTrack: 3), Cover(OutcomeKind.Solid))
            .Apply(tracked);
        _calls.ShouldBe(["Mosaic 1", "Mosaic 3", "Solid 3"]);
        outcome.Faces.Select(face => face.Kind).ShouldBe([OutcomeKind.Solid, OutcomeKind.Mosaic]);
    }

    [Fact]
    public async Task Apply_FrameNobodyCouldLookAt_CoversTheWholeFrame()
    {
        using var tracked = new TrackedFrame(await FrameAsync(), [First], "the detector failed");
        var outcome = Ladder(Cover(OutcomeKind.Solid)).Apply(tracked);
        outcome.Kind.ShouldBe(OutcomeKind.WholeFrame);
        outcome.Failure.ShouldBe("the detector failed");
        _calls.ShouldBeEmpty();
        AssertOneColor(tracked.Frame);
    }

    [Fact]
    public async Task From_Cancelled_IsNoFailureOfARungAndDisposesTheFrame()
    {
        var tracked = await TrackedAsync(First);
        var ladder = Ladder(Cover(OutcomeKind.Blur, _ => throw new OperationCanceledException()), Cover(OutcomeKind.Solid));
        Should.Throw<OperationCanceledException>(() => AnonymizedFrame.From(tracked, ladder));
        _calls.ShouldBe(["Blur 1"]);
        _pool.LiveFrames.ShouldBe(0);
    }

    [Theory]
    [InlineData(RedactionMethod.Blur, OutcomeKind.Blur)]
    [InlineData(RedactionMethod.Mosaic, OutcomeKind.Mosaic)]
    [InlineData(RedactionMethod.Solid, OutcomeKind.Solid)]
    public async Task For_Method_StartsOnItsRung(RedactionMethod method, OutcomeKind expected)
    {
        using var tracked = await TrackedAsync(First);
        RedactionLadder.For(new RedactOptions { Method = method }, _pool.Format).Apply(tracked).Kind.ShouldBe(expected);
    }

    [Fact]
    public void Construct_NoRungs_Throws() => Should.Throw<ArgumentOutOfRangeException>(() => new RedactionLadder([], Color));

    private static FaceDrawing Drawing() => FaceDrawing.Of(new FaceSquare(new Vector2(14, 14), 28, 0), 2, new float[12], new float[4]);

    private static RedactionLadder Ladder(params IFaceCover[] rungs) => new(rungs, Color);

    private ScriptedCover Cover(OutcomeKind kind, Action<TrackedFace>? script = null, int? onlyTrack = null) => new(kind, _calls, face =>
    {
        if (onlyTrack is null || onlyTrack == face.TrackId)
        {
            script?.Invoke(face);
        }
    });

    private async Task<TrackedFrame> TrackedAsync(params TrackedFace[] faces) => new(await FrameAsync(), faces);

    private async Task<VideoFrame> FrameAsync()
    {
        var frame = await _pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        frame.Memory.Span.Fill(200);
        return frame;
    }

    private static void AssertOneColor(VideoFrame frame)
    {
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            var bytes = frame.Memory[frame.Format.PlaneOffset(plane)..frame.Format.PlaneOffset(plane + 1)].ToArray();
            var expected = (byte)Color[plane];
            bytes.ShouldAllBe(value => value == expected);
        }
    }
}
