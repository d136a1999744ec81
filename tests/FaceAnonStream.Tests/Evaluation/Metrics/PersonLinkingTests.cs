using FaceAnonStream.Evaluation.Metrics;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Metrics;

public sealed class PersonLinkingTests
{
    // cos 66.4 degrees is 0.4.
    [Theory]
    [InlineData(60, new[] { 0, 0 })]
    [InlineData(70, new[] { 0, 1 })]
    public void Link_TwoTracks_AreOnePersonWhenNearEnough(double degrees, int[] expected) =>
        PersonLinking.Link([At(0), At(degrees)], (_, _) => false).ShouldBe(expected);

    [Fact]
    public void Link_TracksSeenAtOnce_AreTwoPeopleHoweverAlike() =>
        PersonLinking.Link([At(0), At(0)], (_, _) => true).ShouldBe([0, 1]);

    /// <summary>The third track is nearest to the first, but is seen with the second, which belongs to the same person.</summary>
    [Fact]
    public void Link_SeenAtOnceWithAnotherTrackOfThePerson_IsSomebodyElse() =>
        PersonLinking.Link([At(0), At(30), At(1)], (a, b) => (a, b) is (2, 1) or (1, 2)).ShouldBe([0, 0, 1]);

    [Fact]
    public void Link_TwoPeopleAreNearEnough_TakesTheNearer() =>
        PersonLinking.Link([At(0), At(70), At(40)], (_, _) => false).ShouldBe([0, 1, 1]);

    [Fact]
    public void MeanDirection_IsAUnitVector()
    {
        var mean = PersonLinking.MeanDirection([At(0), At(90)]);

        mean[0].ShouldBe(MathF.Sqrt(0.5f), 1e-6f);
        mean[1].ShouldBe(MathF.Sqrt(0.5f), 1e-6f);
    }

    private static float[] At(double degrees)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(degrees));
        return [(float)cos, (float)sin];
    }
}
