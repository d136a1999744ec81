using FaceAnonStream.Kernels;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

public sealed class AxisTapsTests
{
    [Fact]
    public void Create_WholeNumberRatio_AveragesThatManySamples()
    {
        var taps = new AxisTaps(1920, 0, 1920, 640);

        taps.Count.ShouldBe(3);
        taps.Starts.ShouldBe(Enumerable.Range(0, 640).Select(i => 3 * i));
        taps.Weights.ShouldAllBe(weight => MathF.Abs(weight - (1 / 3f)) < 1e-7f);
    }

    [Fact]
    public void Create_SameSize_CopiesEachSample()
    {
        var taps = new AxisTaps(10, 4, 5, 5);

        taps.Count.ShouldBe(1);
        taps.Starts.ShouldBe([4, 5, 6, 7, 8]);
        taps.Weights.ShouldAllBe(weight => weight == 1);
    }

    [Fact]
    public void Create_Twice_InterpolatesBetweenCentres()
    {
        var taps = new AxisTaps(2, 0, 2, 4);

        taps.Starts.ShouldBe([0, 0, 0, 0]);
        taps.Weights.ShouldBe([1f, 0f, 0.75f, 0.25f, 0.25f, 0.75f, 0f, 1f]);
    }

    [Fact]
    public void Create_AnyRegion_StaysInsideAndSumsToOne()
    {
        var cases =
            from inputs in Gen.Choose(1, 300)
            from origin in Gen.Choose(0, (2 * inputs) - 1)
            from length in Gen.Choose(1, (2 * inputs) - origin)
            from outputs in Gen.Choose(1, 300)
            select (inputs, origin: origin / 2.0, length: length / 2.0, outputs);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var taps = new AxisTaps(c.inputs, c.origin, c.length, c.outputs);
            return taps.Starts.All(start => start >= 0 && start + taps.Count <= c.inputs)
                && taps.Weights.All(weight => weight is >= 0 and <= 1)
                && taps.Weights.Chunk(taps.Count).All(weights => MathF.Abs(weights.Sum() - 1) < 1e-5f);
        }).QuickCheckThrowOnFailure();
    }
}
