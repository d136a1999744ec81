using FaceAnonStream.Evaluation.Metrics;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Metrics;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 3)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.99, 9.82)]
    [InlineData(1, 10)]
    public void Quantile_InterpolatesAsNumpyDoes(double share, double expected) =>
        Statistics.Quantile([1, 2, 4, 10], share).ShouldBe(expected, 1e-12);

    [Fact]
    public void Quantile_OfOneValue_IsThatValue() => Statistics.Quantile([7], 0.99).ShouldBe(7);

    [Theory]
    [InlineData(new double[] { 3, 4 }, new double[] { 1, 2 }, 1)]
    [InlineData(new double[] { 1, 2 }, new double[] { 3, 4 }, 0)]
    [InlineData(new double[] { 1, 1 }, new double[] { 1, 1, 1 }, 0.5)]
    [InlineData(new double[] { 1, 3 }, new double[] { 2, 3 }, 0.375)]
    public void AreaUnderCurve_CountsTiesHalf(double[] positives, double[] negatives, double expected) =>
        Statistics.AreaUnderCurve(positives, negatives).ShouldBe(expected, 1e-12);

    [Fact]
    public void Bootstrap_SameValues_GiveTheSameInterval()
    {
        double[] values = [0, 0.1, 0.2, 0.5, 1];

        var interval = Statistics.Bootstrap(values).ShouldNotBeNull();

        Statistics.Bootstrap(values).ShouldBe(interval);
        interval.Low.ShouldBeInRange(0, 0.15);
        interval.High.ShouldBeInRange(0.55, 0.9);
    }

    [Fact]
    public void Bootstrap_EqualValues_LeaveNoDoubt() => Statistics.Bootstrap([0.25, 0.25, 0.25]).ShouldBe(new Interval(0.25, 0.25));

    [Fact]
    public void Bootstrap_OneValue_TellsNothing() => Statistics.Bootstrap([0.25]).ShouldBeNull();
}
