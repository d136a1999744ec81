using FaceAnonStream.Alignment;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Alignment;

public sealed class LocalRegressionTests
{
    private static Gen<double[]> Times { get; } =
        from count in Gen.Choose(1, 12)
        from times in Gen.Choose(-1400, 1400).ArrayOf(count)
        select times.Append(0).Distinct().Order().Select(time => time / 1000.0).ToArray();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Weigh_AnyTimes_PassesPolynomialsUnchanged(int degree) => Prop.ForAll(Times.ToArbitrary(), times =>
    {
        var shares = new double[times.Length];
        LocalRegression.Weigh(times, degree, shares);
        shares.Sum().ShouldBe(1, 1e-6);
        // Fewer samples than coefficients carry a lower degree only; so do times that are nearly equal.
        var near = times.Where(time => Math.Abs(time) < 0.9).ToArray();
        var carried = near.Length > degree && near.Zip(near.Skip(1)).All(pair => pair.Second - pair.First > 0.25);
        if (carried)
        {
            times.Zip(shares, (time, share) => share * time).Sum().ShouldBe(0, 1e-6);
        }

        if (carried && degree == 2)
        {
            times.Zip(shares, (time, share) => share * time * time).Sum().ShouldBe(0, 1e-6);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Weigh_EqualSteps_IsSymmetricAndSmooths()
    {
        double[] times = [-0.8, -0.4, 0, 0.4, 0.8];
        var shares = new double[5];
        LocalRegression.Weigh(times, 2, shares);
        shares[0].ShouldBe(shares[4], 1e-12);
        shares[1].ShouldBe(shares[3], 1e-12);
        shares.Sum(share => share * share).ShouldBeLessThan(0.6);
    }

    [Fact]
    public void Weigh_BeyondTheReach_HasNoShare()
    {
        var shares = new double[3];
        LocalRegression.Weigh([-1, 0, 5e6], 2, shares);
        shares.ShouldBe([0, 1, 0]);
    }
}
