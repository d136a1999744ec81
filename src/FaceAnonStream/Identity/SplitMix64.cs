namespace FaceAnonStream.Identity;

/// <summary>
/// A small random generator whose numbers are the same on every machine and in every release (G. Steele, D. Lea,
/// C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Not for secrets: whoever knows the state
/// knows what follows, so seed it with a keyed hash where that matters.
/// </summary>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A whole number from 0 to <paramref name="limit"/> - 1.</summary>
    public int NextBelow(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)Math.BigMul(Next(), (ulong)limit, out _);
    }

    /// <summary>A number from <paramref name="low"/>, and below <paramref name="high"/>.</summary>
    public float NextBetween(float low, float high) => low + ((high - low) * (Next() >> 40) / (1 << 24));
}
