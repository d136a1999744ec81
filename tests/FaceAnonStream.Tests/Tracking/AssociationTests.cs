using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Tracking.TrackRig;

namespace FaceAnonStream.Tests.Tracking;

public class AssociationTests
{
    private const double HighScore = 0.6;

    [Fact]
    public void Match_WeakDetectionIsNearer_StrongOneChoosesFirst()
    {
        Association.Match([Track(100)], [Face(100, 50, score: 0.4), Face(108, 50)], HighScore).ShouldBe([-1, 0]);
    }

    [Fact]
    public void Match_OnlyWeakDetection_KeepsTrackAlive()
    {
        Association.Match([Track(100), Track(200)], [Face(200, 50), Face(103, 50, score: 0.2)], HighScore).ShouldBe([1, 0]);
    }

    [Fact]
    public void Match_SmallFastFaceThatDoesNotOverlap_IsFound()
    {
        Association.Match([Track(100, size: 6)], [Face(107, 50, size: 6)], HighScore).ShouldBe([0]);
    }

    [Fact]
    public void Match_TwoFacesMovedByMoreThanASize_KeepTheirOrder()
    {
        Association.Match([Track(100, size: 6), Track(110, size: 6)], [Face(106, 50, 6), Face(116, 50, 6)], HighScore)
            .ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData(0.04, -1)]
    [InlineData(0.6, 0)]
    public void Match_TwoSizesAway_OnlyWhenUnseenForLong(double unseenSeconds, int expected)
    {
        Association.Match([Track(100, unseenSeconds: unseenSeconds)], [Face(140, 50)], HighScore).ShouldBe([expected]);
    }

    [Fact]
    public void Match_FarBeyondGate_IsAnotherFaceHoweverLongUnseen()
    {
        Association.Match([Track(100, unseenSeconds: 60)], [Face(170, 50)], HighScore).ShouldBe([-1]);
    }

    [Fact]
    public void Match_SamePlaceButThreeTimesTheSize_IsAnotherFace()
    {
        Association.Match([Track(100)], [Face(100, 50, size: 60)], HighScore).ShouldBe([-1]);
    }

    /// <summary>Boxes as a detector gave them on either side of a cut: another man, nearer to the camera.</summary>
    [Fact]
    public void Match_ElsewhereAndOfAnotherSizeAtOnce_IsAnotherFace()
    {
        var track = new TrackPrediction(new RectF(327, 63, 152, 211), UnseenSeconds: 1 / 30.0);
        FaceDetection[] faces = [new(new RectF(137, 79, 212, 297), 1), new(new RectF(667, 99, 109, 150), 1)];
        Association.Match([track], faces, HighScore).ShouldBe([-1, -1]);
    }

    [Theory]
    [InlineData(100, 30)]
    [InlineData(121, 20)]
    [InlineData(112, 24)]
    public void Match_EitherElsewhereOrOfAnotherSize_IsTheSameFace(double x, double size)
    {
        Association.Match([Track(100)], [Face(x, 50, size)], HighScore).ShouldBe([0]);
    }

    [Fact]
    public void Match_NoTracksOrNoFaces_GivesNoPairs()
    {
        Association.Match([], [Face(1, 1)], HighScore).ShouldBe([-1]);
        Association.Match([Track(100)], [], HighScore).ShouldBeEmpty();
    }

    private static TrackPrediction Track(double x, double size = 20, double unseenSeconds = 0.04) =>
        new(Face(x, 50, size).Box, unseenSeconds);
}
