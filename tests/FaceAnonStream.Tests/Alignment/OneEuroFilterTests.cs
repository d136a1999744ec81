using FaceAnonStream.Alignment;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Alignment;

public sealed class OneEuroFilterTests
{
    [Fact]
    public void Filter_NoiseAtRest_IsReduced()
    {
        var random = new Random(1);
        var filter = new OneEuroFilter(1);
        var (raw, smooth) = (0.0, 0.0);
        for (var i = 0; i < 400; i++)
        {
            var noise = 0.02 * (random.NextDouble() - 0.5);
            double[] value = [noise];
            filter.Filter(value, 0.04, unit: 1);
            raw += i < 50 ? 0 : noise * noise;
            smooth += i < 50 ? 0 : value[0] * value[0];
        }

        smooth.ShouldBeLessThan(0.3 * raw);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(20)]
    public void Filter_SteadyMotion_LagsByLittleAtAnySpeed(double speed)
    {
        var filter = new OneEuroFilter(1);
        double[] value = [0];
        for (var i = 0; i < 200; i++)
        {
            value[0] = 30 * speed * i * 0.04;
            var truth = value[0];
            filter.Filter(value, 0.04, unit: 30);
            (truth - value[0]).ShouldBeInRange(-1e-9, i > 50 ? 0.03 * 30 : 3 * 30);
        }
    }

    [Fact]
    public void Filter_FirstAndAfterReset_PassesUnchanged()
    {
        var filter = new OneEuroFilter(2);
        double[] value = [3, 4];
        filter.Filter(value, 0.04, 1);
        value.ShouldBe([3.0, 4.0]);
        value = [9, 1];
        filter.Filter(value, 0.04, 1);
        value[0].ShouldBeInRange(3.1, 8.9);
        filter.Reset();
        value = [9, 1];
        filter.Filter(value, 0.04, 1);
        value.ShouldBe([9.0, 1.0]);
    }
}
