namespace FaceAnonStream.Hosting.Streams;

/// <summary>Waits between attempts: each twice the one before, varied at random so that streams that failed together do not
/// come back together.</summary>
/// <param name="min">First wait.</param>
/// <param name="max">Longest wait.</param>
/// <param name="random">Gives 0 to 1.</param>
internal sealed class RestartDelay(TimeSpan min, TimeSpan max, Func<double> random)
{
    private int _doublings;

    /// <summary>The next wait: between half of it and all of it.</summary>
    public TimeSpan Next()
    {
        var wait = min * Math.Pow(2, _doublings);
        if (wait < max)
        {
            _doublings++;
        }

        return (wait < max ? wait : max) * (0.5 + random() / 2);
    }

    public void Reset() => _doublings = 0;
}
