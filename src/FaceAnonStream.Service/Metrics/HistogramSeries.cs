namespace FaceAnonStream.Service.Metrics;

/// <summary>Counts values into buckets, from any thread, without a lock.</summary>
/// <param name="boundaries">Inclusive upper ends of all buckets but the last, ascending.</param>
internal sealed class HistogramSeries(double[] boundaries)
{
    private readonly long[] _counts = new long[boundaries.Length + 1];
    private double _sum;

    public void Record(double value)
    {
        var found = Array.BinarySearch(boundaries, value);
        Interlocked.Increment(ref _counts[found < 0 ? ~found : found]);
        double seen, sum;
        do
        {
            seen = Volatile.Read(ref _sum);
            sum = seen + value;
        }
        while (Interlocked.CompareExchange(ref _sum, sum, seen) != seen);
    }

    /// <summary>As it is now. The sum may lack a value that was being recorded; the counts agree with each other.</summary>
    public HistogramSample Read(LabelSet labels)
    {
        var counts = new long[_counts.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Volatile.Read(ref _counts[i]);
        }

        return new HistogramSample(labels, boundaries, counts, Volatile.Read(ref _sum));
    }
}
