using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Kernels;

/// <summary>
/// One colour channel from Y'CbCr: <c>clamp(y·Y' + cb·Cb + cr·Cr + bias, 0, 255) · scale + offset</c>. Coefficients and
/// quantisation after ITU-T H.273 (BT.601, BT.709 and BT.2020 non-constant luminance).
/// </summary>
internal readonly struct RgbFormula(float y, float cb, float cr, float bias, float scale, float offset)
{
    private const float Top = 255;

    /// <summary>The formulas of red, green and blue.</summary>
    public static (RgbFormula Red, RgbFormula Green, RgbFormula Blue) Create(
        YuvColor color, int bitDepth, float scale, float offset)
    {
        var (kr, kb) = color.LumaShares;
        var unit = 1 << (bitDepth - 8);
        var full = (1 << bitDepth) - 1;
        var black = color.FullRange ? 0 : 16 * unit;
        var luma = Top / (color.FullRange ? full : 219 * unit);
        var chroma = Top / (color.FullRange ? full : 224 * unit);
        return (
            Channel(0, 2 * (1 - kr)),
            Channel(-2 * (1 - kb) * kb / (1 - kr - kb), -2 * (1 - kr) * kr / (1 - kr - kb)),
            Channel(2 * (1 - kb), 0));

        RgbFormula Channel(double fromCb, double fromCr)
        {
            var bias = -(luma * black) - (chroma * 128 * unit * (fromCb + fromCr));
            return new RgbFormula(
                luma, (float)(chroma * fromCb), (float)(chroma * fromCr), (float)bias, scale, offset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float luma, float blue, float red)
    {
        var value = (y * luma) + (cb * blue) + (cr * red) + bias;
        return (MathF.Min(MathF.Max(value, 0), Top) * scale) + offset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> luma, Vector<float> blue, Vector<float> red)
    {
        var value = (new Vector<float>(y) * luma) + (new Vector<float>(cb) * blue) + (new Vector<float>(cr) * red)
            + new Vector<float>(bias);
        value = Vector.Min(Vector.Max(value, Vector<float>.Zero), new Vector<float>(Top));
        return (value * new Vector<float>(scale)) + new Vector<float>(offset);
    }

    /// <summary>Runs the formula along a row; all spans have one length.</summary>
    public void Row(ReadOnlySpan<float> luma, ReadOnlySpan<float> blue, ReadOnlySpan<float> red, Span<float> channel)
    {
        var lumas = MemoryMarshal.Cast<float, Vector<float>>(luma);
        var blues = MemoryMarshal.Cast<float, Vector<float>>(blue)[..lumas.Length];
        var reds = MemoryMarshal.Cast<float, Vector<float>>(red)[..lumas.Length];
        var channels = MemoryMarshal.Cast<float, Vector<float>>(channel)[..lumas.Length];
        for (var i = 0; i < lumas.Length; i++)
        {
            channels[i] = Apply(lumas[i], blues[i], reds[i]);
        }

        for (var x = lumas.Length * Vector<float>.Count; x < luma.Length; x++)
        {
            channel[x] = Apply(luma[x], blue[x], red[x]);
        }
    }
}
