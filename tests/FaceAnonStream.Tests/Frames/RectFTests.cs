using FaceAnonStream.Frames;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Frames;

public sealed class RectFTests
{
    private static readonly RectF Unit = new(0, 0, 10, 10);

    public static TheoryData<RectF, float> Overlaps => new()
    {
        { Unit, 1 },
        { new RectF(5, 0, 10, 10), 1 / 3f },
        { new RectF(2, 2, 5, 5), 0.25f },
        { new RectF(10, 0, 10, 10), 0 },
        { new RectF(30, 30, 1, 1), 0 },
        { new RectF(5, 5, 0, 0), 0 },
    };

    [Theory]
    [MemberData(nameof(Overlaps))]
    public void IntersectionOverUnion_EitherWay_IsTheShare(RectF other, float expected)
    {
        Unit.IntersectionOverUnion(other).ShouldBe(expected, 1e-6);
        other.IntersectionOverUnion(Unit).ShouldBe(expected, 1e-6);
    }

    [Fact]
    public void Scale_AnyFactor_KeepsTheCentre() => new RectF(10, 20, 4, 8).Scale(1.5f).ShouldBe(new RectF(9, 18, 6, 12));

    [Fact]
    public void Union_Apart_HoldsBoth() => new RectF(-5, 1, 2, 2).Union(Unit).ShouldBe(new RectF(-5, 0, 15, 10));

    [Fact]
    public void FromCenter_CentreAndSize_GivesTheRectangle()
    {
        var rect = RectF.FromCenter(3, 4, 2, 6);
        rect.ShouldBe(new RectF(2, 1, 2, 6));
        (rect.CenterX, rect.CenterY, rect.Right, rect.Bottom, rect.Area).ShouldBe((3, 4, 4, 7, 12));
    }

    [Theory]
    [InlineData(float.NaN, 0, 1, 1)]
    [InlineData(0, float.PositiveInfinity, 1, 1)]
    [InlineData(0, 0, float.NaN, 1)]
    [InlineData(0, 0, 1, float.NegativeInfinity)]
    public void IsFinite_AnyMemberNotFinite_IsFalse(float x, float y, float width, float height)
    {
        new RectF(x, y, width, height).IsFinite.ShouldBeFalse();
        Unit.IsFinite.ShouldBeTrue();
    }
}
