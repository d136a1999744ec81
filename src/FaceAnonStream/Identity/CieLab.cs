using System.Numerics;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Identity;

/// <summary>Colours as CIE 1976 L*a*b* with white D65 (ISO/CIE 11664-4).</summary>
internal static class CieLab
{
    private static readonly Vector3 White = new(0.95047f, 1, 1.08883f);

    /// <summary>The colour of one pixel, its R'G'B' taken as sRGB (IEC 61966-2-1).</summary>
    /// <param name="format">Matrix, range and depth of the samples.</param>
    /// <param name="luma">Sample of Y'.</param>
    /// <param name="cb">Sample of Cb.</param>
    /// <param name="cr">Sample of Cr.</param>
    public static Vector3 FromYuv(FrameFormat format, int luma, int cb, int cr)
    {
        // Code ranges scale with the bit depth: 8-bit limited luma is 16 to 235, chroma 16 to 240 around 128 (ITU-T H.273).
        var depth = 1 << (format.PixelFormat.BitDepth - 8);
        var full = (256 * depth) - 1;
        var (black, lumaRange, chromaRange) = format.Color.FullRange ? (0, full, full) : (16 * depth, 219 * depth, 224 * depth);
        var y = (float)(luma - black) / lumaRange;
        var blue = (float)(cb - (128 * depth)) / chromaRange;
        var red = (float)(cr - (128 * depth)) / chromaRange;
        var (kr, kb) = ((float)format.Color.LumaShares.Red, (float)format.Color.LumaShares.Blue);
        var r = y + (2 * (1 - kr) * red);
        var b = y + (2 * (1 - kb) * blue);
        return FromLinear(new Vector3(Linear(r), Linear((y - (kr * r) - (kb * b)) / (1 - kr - kb)), Linear(b)));
    }

    private static Vector3 FromLinear(Vector3 rgb)
    {
        var x = Root(Vector3.Dot(new(0.4124564f, 0.3575761f, 0.1804375f), rgb) / White.X);
        var y = Root(Vector3.Dot(new(0.2126729f, 0.7151522f, 0.0721750f), rgb) / White.Y);
        var z = Root(Vector3.Dot(new(0.0193339f, 0.1191920f, 0.9503041f), rgb) / White.Z);
        return new Vector3((116 * y) - 16, 500 * (x - y), 200 * (y - z));
    }

    private static float Linear(float value)
    {
        var clamped = Math.Clamp(value, 0, 1);
        return clamped <= 0.04045f ? clamped / 12.92f : MathF.Pow((clamped + 0.055f) / 1.055f, 2.4f);
    }

    private static float Root(float value) => value > 0.008856f ? MathF.Cbrt(value) : (7.787f * value) + (16f / 116);
}
