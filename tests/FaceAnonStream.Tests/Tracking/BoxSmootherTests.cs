using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Tracking;

public class BoxSmootherTests
{
    private static readonly BoxSmoother Smoother = new(TimeSpan.FromMilliseconds(160));

    [Fact]
    public void Smooth_SteadyMotionAtIrregularTimes_PassesUnchangedUpToTheEnds()
    {
        double[] times = [0, 0.01, 0.05, 0.06, 0.13, 0.17, 0.171, 0.25, 0.29];
        var observations = Array.ConvertAll(times, time => Seen(time, 100 + (300 * time), 20));
        for (var i = 0; i < times.Length; i++)
        {
            var box = Smoother.Smooth(observations, i);
            box.CenterX.ShouldBe(observations[i].Box.CenterX, 0.01f);
            box.Width.ShouldBe(20, 0.01f);
        }
    }

    [Fact]
    public void Smooth_NoisyBoxes_HalvesTheJitter()
    {
        var random = new Random(3);
        var noisy = Enumerable.Range(0, 400)
            .Select(i => Seen(i * 0.04, 100 + (4 * (random.NextDouble() - 0.5)), 20 * Math.Exp(0.2 * (random.NextDouble() - 0.5))))
            .ToArray();
        var smooth = Enumerable.Range(0, noisy.Length).Select(i => Smoother.Smooth(noisy, i)).ToArray();

        Jitter(smooth.Select(box => box.CenterX)).ShouldBeLessThan(0.5 * Jitter(noisy.Select(seen => seen.Box.CenterX)));
        Jitter(smooth.Select(box => box.Width)).ShouldBeLessThan(0.5 * Jitter(noisy.Select(seen => seen.Box.Width)));
    }

    [Fact]
    public void Smooth_NothingInReach_ReturnsTheObservation()
    {
        Observation[] lonely = [Seen(0, 10, 20), Seen(1, 50, 30), Seen(2, 90, 20)];
        Smoother.Smooth(lonely, 1).ShouldBe(lonely[1].Box);
    }

    [Fact]
    public void Smooth_ZeroWidth_ReturnsTheObservation()
    {
        Observation[] dense = [Seen(0, 10, 20), Seen(0.001, 50, 30), Seen(0.002, 90, 20)];
        new BoxSmoother(TimeSpan.Zero).Smooth(dense, 1).ShouldBe(dense[1].Box);
    }

    private static Observation Seen(double seconds, double x, double size)
    {
        var time = TimeSpan.FromSeconds(seconds);
        return new Observation(new FrameTime(time, time), RectF.FromCenter((float)x, 50, (float)size, (float)size), 0.9f);
    }

    /// <summary>Mean step between neighbours.</summary>
    private static double Jitter(IEnumerable<float> values)
    {
        var list = values.ToList();
        return list.Zip(list.Skip(1), (a, b) => Math.Abs(b - a)).Average();
    }
}
