namespace FaceAnonStream.Evaluation.Metrics;

/// <summary>What samples say.</summary>
public static class Statistics
{
    private const int Resamples = 2000;
    private const int Seed = 0;

    /// <summary>The quantile of a sample by linear interpolation (type 7 of R. Hyndman, Y. Fan, The American Statistician
    /// 50, 1996), as numpy's default.</summary>
    /// <param name="sorted">Ascending, at least one.</param>
    /// <param name="share">0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(sorted));
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>
    /// The area under the ROC curve: how often a positive lies above a negative, where a tie counts half (Mann–Whitney).
    /// </summary>
    /// <param name="positives">Ascending, at least one.</param>
    /// <param name="negatives">Ascending, at least one.</param>
    public static double AreaUnderCurve(ReadOnlySpan<double> positives, ReadOnlySpan<double> negatives)
    {
        ArgumentOutOfRangeException.ThrowIfZero(positives.Length, nameof(positives));
        ArgumentOutOfRangeException.ThrowIfZero(negatives.Length, nameof(negatives));
        double wins = 0;
        var (below, notAbove) = (0, 0);
        foreach (var positive in positives)
        {
            while (below < negatives.Length && negatives[below] < positive)
            {
                below++;
            }

            while (notAbove < negatives.Length && negatives[notAbove] <= positive)
            {
                notAbove++;
            }

            wins += (below + notAbove) / 2.0;
        }

        return wins / positives.Length / negatives.Length;
    }

    /// <summary>
    /// The 95 % interval of a mean: percentiles of the means of 2000 resamples (B. Efron, The Annals of Statistics 7, 1979).
    /// The same values always give the same interval.
    /// </summary>
    /// <param name="values">One for each person.</param>
    /// <returns>Null for fewer than two values, which say nothing about their spread.</returns>
    public static Interval? Bootstrap(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2)
        {
            return null;
        }

        var random = new Random(Seed);
        var means = new double[Resamples];
        for (var i = 0; i < means.Length; i++)
        {
            double sum = 0;
            for (var k = 0; k < values.Count; k++)
            {
                sum += values[random.Next(values.Count)];
            }

            means[i] = sum / values.Count;
        }

        Array.Sort(means);
        return new Interval(Quantile(means, 0.025), Quantile(means, 0.975));
    }
}

/// <summary>Where a value lies with 95 % confidence.</summary>
public readonly record struct Interval(double Low, double High);
