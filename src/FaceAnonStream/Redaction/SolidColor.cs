using System.Globalization;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Redaction;

/// <summary>One colour as the sample values of a frame format's three planes.</summary>
public readonly record struct SolidColor(int Luma, int Cb, int Cr)
{
    /// <param name="hex">An sRGB colour as <c>#rrggbb</c>.</param>
    /// <param name="format">Matrix, range and bit depth to express it in (ITU-R BT.601, BT.709, BT.2020).</param>
    public static SolidColor FromHex(string hex, FrameFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        var rgb = int.Parse(hex.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var (red, green, blue) = ((rgb >> 16) / 255.0, ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0);
        var (kr, kb) = format.Color.LumaShares;
        var luma = (kr * red) + ((1 - kr - kb) * green) + (kb * blue);
        var cb = (blue - luma) / (2 * (1 - kb));
        var cr = (red - luma) / (2 * (1 - kr));

        // Code ranges scale with the bit depth: 8-bit limited luma is 16 to 235, chroma 16 to 240 around 128.
        var depth = 1 << (format.PixelFormat.BitDepth - 8);
        var full = (256 * depth) - 1;
        return format.Color.FullRange
            ? new SolidColor(Round(luma * full), Round((128 * depth) + (cb * full)), Round((128 * depth) + (cr * full)))
            : new SolidColor(
                Round((16 + (219 * luma)) * depth), Round((128 + (224 * cb)) * depth), Round((128 + (224 * cr)) * depth));

        int Round(double value) => Math.Clamp((int)Math.Round(value), 0, full);
    }

    /// <summary>The value for plane 0 (Y), 1 (Cb) or 2 (Cr).</summary>
    public int this[int plane] => plane switch { 0 => Luma, 1 => Cb, _ => Cr };
}
