using System.Runtime.Intrinsics;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tracking;

/// <summary>One detection of a track's face.</summary>
/// <param name="At">The frame.</param>
/// <param name="Box">As detected; sides greater than 0.</param>
/// <param name="Score">Confidence, 0 to 1.</param>
public readonly record struct Observation(FrameTime At, RectF Box, float Score);

/// <summary>
/// Centred smoothing: local linear regression with tricube weights (W. S. Cleveland, "Robust locally weighted regression
/// and smoothing scatterplots", JASA 74, 1979) over <see cref="BoxSpace"/>. A straight line passes unchanged, whatever the
/// spacing of the observations and also at the ends of a track, so steady motion gets neither lag nor bias.
/// </summary>
public sealed class BoxSmoother
{
    /// <summary>Full width at half maximum of the tricube kernel whose support is [-1, 1].</summary>
    private const double TricubeWidth = 1.18;

    /// <param name="width">Full width at half maximum of the weights; zero turns smoothing off.</param>
    public BoxSmoother(TimeSpan width) => Reach = width / TricubeWidth;

    /// <summary>Observations nearer than this have a say.</summary>
    public TimeSpan Reach { get; }

    /// <summary>The smoothed box at the time of an observation.</summary>
    /// <param name="observations">In order of time.</param>
    /// <param name="index">Of that observation.</param>
    public RectF Smooth(ReadOnlySpan<Observation> observations, int index)
    {
        var center = observations[index];
        var first = index;
        while (first > 0 && center.At.Time - observations[first - 1].At.Time < Reach)
        {
            first--;
        }

        var end = index + 1;
        while (end < observations.Length && observations[end].At.Time - center.At.Time < Reach)
        {
            end++;
        }

        return end - first == 1 ? center.Box : Regress(observations[first..end], center.At.Time);
    }

    private RectF Regress(ReadOnlySpan<Observation> observations, TimeSpan at)
    {
        var (weights, times, squares) = (0.0, 0.0, 0.0);
        var (values, products) = (Vector256<double>.Zero, Vector256<double>.Zero);
        foreach (var observation in observations)
        {
            var time = (observation.At.Time - at) / Reach;
            var weight = Tricube(time);
            var value = BoxSpace.ToVector(observation.Box);
            weights += weight;
            times += weight * time;
            squares += weight * time * time;
            values += value * weight;
            products += value * (weight * time);
        }

        // The intercept at time 0. Two observations or more at different times: the determinant is positive.
        var determinant = (weights * squares) - (times * times);
        return BoxSpace.ToBox(((values * squares) - (products * times)) / determinant);
    }

    private static double Tricube(double x)
    {
        var y = 1 - Math.Abs(x * x * x);
        return y * y * y;
    }
}
