using FaceAnonStream.Frames;

namespace FaceAnonStream.Cli.Scene;

/// <summary>
/// The scene's sound: a short tone with the first frame of every second, when the marker in the picture flashes. 16-bit
/// mono.
/// </summary>
internal static class Beeps
{
    public const int SampleRate = 48000;

    private const double ToneHz = 1000;
    private const double ToneSeconds = 0.08;
    private const double FadeSeconds = 0.002;
    private const double Loudness = 0.25;

    /// <summary>The first frame at or after a whole second.</summary>
    public static long FrameOf(int second, Rational frameRate) =>
        (((long)second * frameRate.Numerator) + frameRate.Denominator - 1) / frameRate.Denominator;

    /// <summary>Writes the samples from <paramref name="start"/> on.</summary>
    /// <param name="samples">Filled.</param>
    /// <param name="start">Index of the first sample, from 0.</param>
    /// <param name="frameRate">Frames per second: tones begin with frames.</param>
    public static void Fill(Span<short> samples, long start, Rational frameRate)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var seconds = (double)(start + i) / SampleRate;
            var since = seconds - (FrameOf((int)seconds, frameRate) / frameRate.Value);
            var fade = Math.Clamp(Math.Min(since, ToneSeconds - since) / FadeSeconds, 0, 1);
            samples[i] = (short)(fade * Loudness * short.MaxValue * Math.Sin(Math.Tau * ToneHz * since));
        }
    }
}
