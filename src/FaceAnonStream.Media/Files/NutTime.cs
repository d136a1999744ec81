using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Files;

/// <summary>Times between NUT and the file.</summary>
internal static class NutTime
{
    /// <summary>
    /// The same instant in other ticks, to the nearest. Exact between a stream and its NUT copy: ffmpeg refines a coarse
    /// time base by a power of two and keeps a fine one.
    /// </summary>
    public static long Rescale(long ticks, Rational from, Rational to)
    {
        var numerator = (Int128)ticks * from.Numerator * to.Denominator;
        var denominator = (Int128)from.Denominator * to.Numerator;
        var half = Int128.IsNegative(numerator) ? -denominator / 2 : denominator / 2;
        return (long)((numerator + half) / denominator);
    }
}
