namespace FaceAnonStream.Alignment;

/// <summary>
/// Smooths values that must not wait for the future: a low-pass whose cutoff rises with speed, so that rest does not
/// tremble and motion does not lag (G. Casiez, N. Roussel, D. Vogel, "1€ Filter", CHI 2012).
/// </summary>
/// <param name="count">Values that are filtered side by side, each by itself.</param>
public sealed class OneEuroFilter(int count)
{
    /// <summary>Cutoff at rest, in Hz.</summary>
    private const double MinCutoff = 1.5;

    /// <summary>By how much the cutoff rises, in Hz, per unit and second: the lag never exceeds 1 / (2π · 6) of a unit.</summary>
    private const double Beta = 6;

    /// <summary>Cutoff of the speed, in Hz.</summary>
    private const double SpeedCutoff = 1;

    private readonly double[] _values = new double[count];
    private readonly double[] _speeds = new double[count];
    private bool _hasStarted;

    /// <summary>Forgets everything: the next values pass unchanged.</summary>
    public void Reset() => _hasStarted = false;

    /// <summary>Filters in place.</summary>
    /// <param name="values">The newest values.</param>
    /// <param name="seconds">Since the values before, above 0.</param>
    /// <param name="unit">What counts as one unit: a face unit for landmarks.</param>
    public void Filter(Span<double> values, double seconds, double unit)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, count, nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            if (!_hasStarted)
            {
                (_values[i], _speeds[i]) = (values[i], 0);
                continue;
            }

            var speed = (values[i] - _values[i]) / seconds / unit;
            _speeds[i] += Share(SpeedCutoff, seconds) * (speed - _speeds[i]);
            var cutoff = MinCutoff + (Beta * Math.Abs(_speeds[i]));
            _values[i] += Share(cutoff, seconds) * (values[i] - _values[i]);
            values[i] = _values[i];
        }

        _hasStarted = true;
    }

    /// <summary>The share of the newest value, for a cutoff in Hz.</summary>
    private static double Share(double cutoff, double seconds) => 1 / (1 + (1 / (2 * Math.PI * cutoff * seconds)));
}
