namespace FaceAnonStream.Live;

/// <summary>
/// How long to wait before what failed is tried again: the wait doubles with every failure up to a longest one.
/// A part of each is left to chance, so that streams that were lost together do not come back all at once.
/// </summary>
public sealed class Backoff
{
    private readonly TimeSpan _first;
    private readonly TimeSpan _longest;
    private readonly Random _random;
    private TimeSpan _next;

    /// <param name="first">The first wait at its longest; more than nothing.</param>
    /// <param name="longest">No wait is longer.</param>
    /// <param name="random">Shortens each wait by up to one half.</param>
    public Backoff(TimeSpan first, TimeSpan longest, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, TimeSpan.Zero);
        _first = first < longest ? first : longest;
        _longest = longest;
        _random = random;
        _next = _first;
    }

    /// <summary>Between the connections of one end of a live stream.</summary>
    public static Backoff Between(LiveOptions live)
    {
        ArgumentNullException.ThrowIfNull(live);
        return new Backoff(TimeSpan.FromMilliseconds(live.RetryMinMs), TimeSpan.FromMilliseconds(live.RetryMaxMs), Random.Shared);
    }

    /// <summary>The wait before the next attempt.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (1 - (_random.NextDouble() / 2));
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        return wait;
    }

    /// <summary>The attempt held: the next failure is a first one.</summary>
    public void Reset() => _next = _first;
}
