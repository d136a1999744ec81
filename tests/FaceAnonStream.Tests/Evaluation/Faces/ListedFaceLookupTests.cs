using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Redaction;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Faces;

public sealed class ListedFaceLookupTests
{
    private static readonly ListedFace Near = new(new RectF(2, 0, 40, 40), OutcomeKind.Synthetic, null);
    private static readonly ListedFace Nearer = new(new RectF(1, 0, 40, 40), OutcomeKind.Mosaic, FallbackReason.TooSmall);
    private static readonly ListedFace Apart = new(new RectF(30, 0, 40, 40), OutcomeKind.Solid, null);

    [Fact]
    public void Find_SeveralOverlap_IsTheOneThatOverlapsMost()
    {
        using var lookup = new ListedFaceLookup([new ListedFrame(1, [Near, Nearer, Apart])]);

        lookup.Find(At(1)).ShouldBe(Nearer);
        lookup.Find(At(1)).ShouldBe(Nearer);
    }

    [Fact]
    public void Find_FramesBetween_HaveNone()
    {
        using var lookup = new ListedFaceLookup([new ListedFrame(1, [Near]), new ListedFrame(4, [Apart]), new ListedFrame(5, [Nearer])]);

        lookup.Find(At(0)).ShouldBeNull();
        lookup.Find(At(3)).ShouldBeNull();
        lookup.Find(At(4)).ShouldBeNull();
        lookup.Find(At(5)).ShouldBe(Nearer);
        lookup.Find(At(6)).ShouldBeNull();
    }

    [Fact]
    public void Finish_FrameThatTheClipLacks_IsAnotherClipsList()
    {
        using var fitting = new ListedFaceLookup([new ListedFrame(3, [Near]), new ListedFrame(9, [Near])]);
        using var other = new ListedFaceLookup([new ListedFrame(3, [Near]), new ListedFrame(10, [Near])]);

        fitting.Find(At(3));
        fitting.Finish("a.mp4", 10);
        Should.Throw<FaultException>(() => other.Finish("a.mp4", 10)).Message
            .ShouldBe("a.mp4: the list of its faces has frame 10; allowed 0 to 9, as the clip has");
    }

    private static SeenFace At(int frame) => new(frame, 0, new FaceDetection(new RectF(0, 0, 40, 40), 0.9f));
}
