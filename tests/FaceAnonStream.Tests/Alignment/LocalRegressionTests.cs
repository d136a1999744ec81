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

    [Fact]
    public void Weigh_AnyTimes_PassesLinesUnchanged() => Prop.ForAll(Times.ToArbitrary(), times =>
    {
        var shares = new double[times.Length];
        LocalRegression.Weigh(times, shares);
        shares.Sum().ShouldBe(1, 1e-6);
        // A single sample carries no line; nor do times that are nearly equal.
        var near = times.Where(time => Math.Abs(time) < 0.9).ToArray();
        if (near.Length > 1 && near.Zip(near.Skip(1)).All(pair => pair.Second - pair.First > 0.25))
        {
            times.Zip(shares, (time, share) => share * time).Sum().ShouldBe(0, 1e-6);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Weigh_EqualSteps_IsSymmetricAndSmooths()
    {
        double[] times = [-0.8, -0.4, 0, 0.4, 0.8];
        var shares = new double[5];
        LocalRegression.Weigh(times, shares);
        shares[0].ShouldBe(shares[4], 1e-12);
        shares[1].ShouldBe(shares[3], 1e-12);
        shares.Sum(share => share * share).ShouldBeLessThan(0.6);
    }

    [Fact]
    public void Weigh_BeyondTheReach_HasNoShare()
    {
        var shares = new double[3];
        LocalRegression.Weigh([-1, 0, 5e6], shares);
        shares.ShouldBe([0, 1, 0]);
    }
}
