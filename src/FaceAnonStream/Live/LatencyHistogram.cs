namespace FaceAnonStream.Live;

/// <summary>How long frames took, to the millisecond, in bounded memory. One writer, any readers.</summary>
public sealed class LatencyHistogram
{
    private const int MaxMs = 10_000;
    private readonly long[] _counts = new long[MaxMs + 1];
    private long _total;

    public void Add(TimeSpan latency)
    {
        Interlocked.Increment(ref _counts[(int)Math.Clamp(latency.TotalMilliseconds, 0, MaxMs)]);
        Interlocked.Increment(ref _total);
    }

    /// <summary>The latency that a share of the frames did not exceed.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>Milliseconds, at most 10,000; null when nothing was added.</returns>
    public int? Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(share * Volatile.Read(ref _total));
        var seen = 0L;
        for (var ms = 0; ms <= MaxMs; ms++)
        {
            seen += Volatile.Read(ref _counts[ms]);
            if (seen > 0 && seen >= wanted)
            {
                return ms;
            }
        }

        return null;
    }
}
