using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Frames;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Faces;

public sealed class TrackLinkerTests
{
    private readonly TrackLinker _linker = new();

    [Fact]
    public void Link_OverlappingFaces_GoOn()
    {
        _linker.Link(0, [At(0), At(100)]).ShouldBe([0, 1]);
        _linker.Link(1, [At(104), At(3)]).ShouldBe([1, 0]);
    }

    [Fact]
    public void Link_FacesThatDoNotOverlap_StartTracks()
    {
        _linker.Link(0, [At(0)]).ShouldBe([0]);
        _linker.Link(1, [At(30)]).ShouldBe([1]);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    public void Link_AfterAGap_GoesOnWhenOneFrameIsMissing(int frame, int expected)
    {
        _linker.Link(0, [At(0)]);
        _linker.Link(1, []);
        _linker.Link(frame, [At(0)]).ShouldBe([expected]);
    }

    [Fact]
    public void Link_TwoFacesAtOneTrack_TheNearerGoesOn()
    {
        _linker.Link(0, [At(0)]);
        _linker.Link(1, [At(15), At(5)]).ShouldBe([1, 0]);
    }

    private static FaceDetection At(float x) => new(new RectF(x, 0, 40, 40), 0.9f);
}
