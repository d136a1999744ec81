using System.Globalization;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Reads a scene's options from text.</summary>
internal static class SceneText
{
    private const double MaxFramesPerSecond = 120;
    private const int DecimalDenominator = 1000;

    /// <summary>Reads a value.</summary>
    /// <returns>What is allowed, or null when <paramref name="value"/> is.</returns>
    public delegate string? Reader<T>(string text, out T value);

    public static string? TrySize(string text, out (int Width, int Height) value)
    {
        var sides = text.Split('x');
        value = default;
        var valid = sides.Length == 2 && TryWhole(sides[0], out value.Width) && TryWhole(sides[1], out value.Height)
            && IsSide(value.Width) && IsSide(value.Height);
        return valid ? null : $"WIDTHxHEIGHT, even numbers from {SceneOptions.MinSide} to {SceneOptions.MaxSide}";
    }

    /// <summary>A whole number, a decimal fraction or a quotient; what broadcasters round is taken for what they mean.</summary>
    public static string? TryFrameRate(string text, out Rational value)
    {
        value = text switch
        {
            "23.976" or "23.98" => new Rational(24000, 1001),
            "29.97" => new Rational(30000, 1001),
            "59.94" => new Rational(60000, 1001),
            _ => Quotient(text),
        };
        var valid = value.IsPositive && value.Value is >= 1 and <= MaxFramesPerSecond;
        return valid ? null : $"1 to {MaxFramesPerSecond}, also as 29.97 or 30000/1001";
    }

    public static string? TryDuration(string text, out double value) =>
        TryDecimal(text, out value) && value is > 0 and <= SceneOptions.MaxSeconds ? null : $"more than 0, to {SceneOptions.MaxSeconds} seconds";

    public static string? TryPeople(string text, out int value) =>
        TryWhole(text, out value) && value is >= 1 and <= SceneOptions.MaxPeople ? null : $"1 to {SceneOptions.MaxPeople}";

    public static string? TrySeed(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) ? null : "a whole number from 0";

    private static Rational Quotient(string text)
    {
        if (text.Split('/') is [var numerator, var denominator])
        {
            return TryWhole(numerator, out var top) && TryWhole(denominator, out var bottom) ? new Rational(top, bottom) : default;
        }

        if (!TryDecimal(text, out var rate) || rate > MaxFramesPerSecond)
        {
            return default;
        }

        return rate == Math.Floor(rate)
            ? new Rational((int)rate, 1)
            : new Rational((int)Math.Round(rate * DecimalDenominator), DecimalDenominator);
    }

    // H.264 with 4:2:0 chroma takes even sizes only.
    private static bool IsSide(int value) => value is >= SceneOptions.MinSide and <= SceneOptions.MaxSide && value % 2 == 0;

    private static bool TryWhole(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryDecimal(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
}
