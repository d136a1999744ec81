using System.Runtime.Intrinsics;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tracking;

/// <summary>
/// A constant-velocity Kalman filter over a box; immutable. The four components of <see cref="BoxSpace"/> are independent,
/// so the filter is four filters of two states (value, rate) side by side.
/// <para>Process noise is white acceleration (Bar-Shalom, Li, Kirubarajan, "Estimation with Applications to Tracking and
/// Navigation", 2001, section 6.2.2), which is what makes it right for any step: over a step of T seconds it adds
/// q·[T³/3, T²/2; T²/2, T]. As in DeepSORT (Wojke, Bewley, Paulus, 2017), noise of the place is relative to the size of
/// the box, and a detection's standard deviation is 1/20 of it.</para>
/// </summary>
public readonly record struct KalmanBox
{
    /// <summary>Standard deviation of a detection's centre, in sizes (roots of the area).</summary>
    public const double CenterNoise = 0.05;

    /// <summary>Standard deviation of the logarithm of a detection's side.</summary>
    public const double LogSideNoise = 0.1;

    /// <summary>Density of the centre's acceleration: after one second a head's speed is uncertain by 2 sizes/s.</summary>
    public const double CenterAcceleration = 4;

    /// <summary>Density of the zoom's acceleration: after one second a side's growth is uncertain by 50 %/s.</summary>
    public const double LogSideAcceleration = 0.25;

    /// <summary>Standard deviation of a new face's speed, in sizes per second.</summary>
    public const double InitialSpeed = 3;

    /// <summary>Standard deviation of a new face's zoom, in units of the logarithm per second.</summary>
    public const double InitialZoom = 1;

    /// <summary>An unseen face becomes at most this many times larger or smaller than it was.</summary>
    public const double MaxZoom = 2;

    private static readonly Vector256<double> CoastLimit =
        Vector256.Create(double.PositiveInfinity, double.PositiveInfinity, Math.Log(MaxZoom), Math.Log(MaxZoom));

    private KalmanBox(
        Vector256<double> value, Vector256<double> rate, Vector256<double> p00, Vector256<double> p01, Vector256<double> p11)
    {
        Value = value;
        Rate = rate;
        ValueVariance = p00;
        Covariance = p01;
        RateVariance = p11;
    }

    /// <summary>The estimated box, in <see cref="BoxSpace"/>.</summary>
    public Vector256<double> Value { get; }

    /// <summary>Its change per second.</summary>
    public Vector256<double> Rate { get; }

    public Vector256<double> ValueVariance { get; }

    public Vector256<double> Covariance { get; }

    public Vector256<double> RateVariance { get; }

    /// <summary>A face seen for the first time: where it goes is unknown.</summary>
    public static KalmanBox Start(RectF measured)
    {
        var value = BoxSpace.ToVector(measured);
        return new KalmanBox(
            value,
            Vector256<double>.Zero,
            Variance(value, CenterNoise * CenterNoise, LogSideNoise * LogSideNoise),
            Vector256<double>.Zero,
            Variance(value, InitialSpeed * InitialSpeed, InitialZoom * InitialZoom));
    }

    /// <summary>The state <paramref name="seconds"/> (0 or more) later.</summary>
    public KalmanBox Predict(double seconds)
    {
        var q = Variance(Value, CenterAcceleration, LogSideAcceleration) * seconds;
        return new KalmanBox(
            Value + (Rate * seconds),
            Rate,
            ValueVariance + (((Covariance * 2) + (RateVariance * seconds)) * seconds) + (q * (seconds * seconds / 3)),
            Covariance + (RateVariance * seconds) + (q * (seconds / 2)),
            RateVariance + q);
    }

    /// <summary>The state after a detection at the time of this state.</summary>
    public KalmanBox Update(RectF measured)
    {
        var value = BoxSpace.ToVector(measured);
        var noise = Variance(value, CenterNoise * CenterNoise, LogSideNoise * LogSideNoise);
        var innovation = value - Value;
        var sum = ValueVariance + noise;
        var rateGain = Covariance / sum;
        return new KalmanBox(
            Value + (ValueVariance / sum * innovation),
            Rate + (rateGain * innovation),
            ValueVariance * (noise / sum),
            Covariance * (noise / sum),
            RateVariance - (rateGain * Covariance));
    }

    /// <summary>Where an unseen face probably is <paramref name="seconds"/> (0 or more) later.</summary>
    /// <param name="seconds">Time unseen.</param>
    /// <param name="decaySeconds">Greater than 0: after this time its speed is assumed to have fallen to 1/e.</param>
    public RectF Coast(double seconds, double decaySeconds)
    {
        var way = Rate * (decaySeconds * (1 - Math.Exp(-seconds / decaySeconds)));
        return BoxSpace.ToBox(Value + Vector256.Clamp(way, -CoastLimit, CoastLimit));
    }

    private static Vector256<double> Variance(Vector256<double> box, double center, double logSide)
    {
        var scaled = center * BoxSpace.Area(box);
        return Vector256.Create(scaled, scaled, logSide, logSide);
    }
}
