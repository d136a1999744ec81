namespace FaceAnonStream.Alignment;

/// <summary>
/// Centred smoothing of irregular samples: local polynomial regression with tricube weights (W. S. Cleveland, "Robust
/// locally weighted regression and smoothing scatterplots", JASA 74, 1979; with equal steps and weights, Savitzky and
/// Golay's filter). A polynomial of the degree passes unchanged, whatever the spacing: motion gets no lag.
/// </summary>
public static class LocalRegression
{
    /// <summary>Full width at half maximum of the tricube kernel whose support is [-1, 1].</summary>
    public const double TricubeWidth = 1.18;

    /// <summary>How little of the weights' spread may be left before the degree falls.</summary>
    private const double Least = 1e-6;

    /// <summary>The share of each sample in the value at time 0; the shares sum to 1.</summary>
    /// <param name="times">When the samples are, in reaches of the kernel; at least one lies in (-1, 1).</param>
    /// <param name="degree">1 for lines, 2 for parabolas; lower where there are too few samples.</param>
    /// <param name="shares">One for each sample; 0 beyond the kernel's reach.</param>
    public static void Weigh(ReadOnlySpan<double> times, int degree, Span<double> shares)
    {
        Span<double> moments = stackalloc double[5];
        moments.Clear();
        for (var i = 0; i < times.Length; i++)
        {
            var weight = Tricube(times[i]);
            shares[i] = weight;
            for (var k = 0; k < moments.Length; k++)
            {
                moments[k] += weight;
                weight *= times[i];
            }
        }

        var (a, b, c) = Intercept(moments, degree);
        for (var i = 0; i < times.Length; i++)
        {
            shares[i] *= a + (times[i] * (b + (times[i] * c)));
        }
    }

    /// <summary>The polynomial by which weights are multiplied: the first row of the normal equations' inverse.</summary>
    private static (double A, double B, double C) Intercept(ReadOnlySpan<double> s, int degree)
    {
        if (degree >= 2)
        {
            var (a, b, c) = ((s[2] * s[4]) - (s[3] * s[3]), (s[2] * s[3]) - (s[1] * s[4]), (s[1] * s[3]) - (s[2] * s[2]));
            var determinant = (s[0] * a) + (s[1] * b) + (s[2] * c);
            if (determinant > Least * s[0] * s[0] * s[0])
            {
                return (a / determinant, b / determinant, c / determinant);
            }
        }

        var spread = (s[0] * s[2]) - (s[1] * s[1]);
        return degree >= 1 && spread > Least * s[0] * s[0]
            ? (s[2] / spread, -s[1] / spread, 0)
            : (1 / s[0], 0, 0);
    }

    private static double Tricube(double x)
    {
        var y = Math.Max(0, 1 - Math.Abs(x * x * x));
        return y * y * y;
    }
}
