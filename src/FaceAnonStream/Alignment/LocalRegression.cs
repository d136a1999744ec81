namespace FaceAnonStream.Alignment;

/// <summary>
/// Centred smoothing of irregular samples: local linear regression with tricube weights (W. S. Cleveland, "Robust locally
/// weighted regression and smoothing scatterplots", JASA 74, 1979). A line passes unchanged, whatever the spacing: steady
/// motion gets no lag.
/// </summary>
public static class LocalRegression
{
    /// <summary>Full width at half maximum of the tricube kernel whose support is [-1, 1].</summary>
    public const double TricubeWidth = 1.18;

    /// <summary>How little of the weights' spread may be left before the line becomes a mean.</summary>
    private const double Least = 1e-6;

    /// <summary>The share of each sample in the value at time 0; the shares sum to 1.</summary>
    /// <param name="times">When the samples are, in reaches of the kernel; at least one lies in (-1, 1).</param>
    /// <param name="shares">One for each sample; 0 beyond the kernel's reach.</param>
    public static void Weigh(ReadOnlySpan<double> times, Span<double> shares)
    {
        var (sum, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < times.Length; i++)
        {
            var weight = shares[i] = Tricube(times[i]);
            sum += weight;
            first += weight * times[i];
            second += weight * times[i] * times[i];
        }

        // The first row of the inverse of the normal equations.
        var spread = (sum * second) - (first * first);
        var (constant, slope) = spread > Least * sum * sum ? (second / spread, -first / spread) : (1 / sum, 0);
        for (var i = 0; i < times.Length; i++)
        {
            shares[i] *= constant + (slope * times[i]);
        }
    }

    private static double Tricube(double x)
    {
        var y = Math.Max(0, 1 - Math.Abs(x * x * x));
        return y * y * y;
    }
}
