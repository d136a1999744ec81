using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>
/// A stream's running timestamp, kept alike by reader and writer: frames code their time relative to the stream's previous
/// frame, and a syncpoint sets every stream's clock.
/// </summary>
internal struct NutClock(Rational timeBase, int lsbBits)
{
    public readonly Rational TimeBase => timeBase;

    /// <summary>How many low bits of a timestamp the short form stores.</summary>
    public readonly int LsbBits => lsbBits;

    public long LastPts { get; set; }

    /// <summary>Sets the clock to <paramref name="ticks"/> of another time base, rounding down.</summary>
    /// <returns>False when the time is beyond <see cref="NutFormat.MaxPts"/>.</returns>
    public bool TrySet(long ticks, Rational ticksBase)
    {
        // At most 64 + 31 + 31 bits: never overflows.
        var scaled = (UInt128)(ulong)ticks * (uint)ticksBase.Numerator * (uint)timeBase.Denominator
            / ((ulong)ticksBase.Denominator * (uint)timeBase.Numerator);
        if (scaled > NutFormat.MaxPts)
        {
            return false;
        }

        LastPts = (long)scaled;
        return true;
    }

    /// <summary>The timestamp nearest to the clock whose low bits are <paramref name="lsb"/>; may be negative.</summary>
    public readonly long FromLsb(long lsb)
    {
        var mask = (1L << lsbBits) - 1;
        var lowest = LastPts - (mask / 2);
        return ((lsb - lowest) & mask) + lowest;
    }

    /// <summary>How a frame stores <paramref name="pts"/>: its low bits where they suffice, else all of it.</summary>
    public readonly ulong Encode(long pts)
    {
        var lsb = pts & ((1L << lsbBits) - 1);
        return (ulong)(FromLsb(lsb) == pts ? lsb : pts + (1L << lsbBits));
    }

    /// <summary>The inverse of <see cref="Encode"/>; null when no valid timestamp is meant.</summary>
    public readonly long? Decode(ulong coded)
    {
        var escape = 1UL << lsbBits;
        if (coded < escape)
        {
            return FromLsb((long)coded) is >= 0 and var pts ? pts : null;
        }

        return coded - escape <= NutFormat.MaxPts ? (long)(coded - escape) : null;
    }
}
