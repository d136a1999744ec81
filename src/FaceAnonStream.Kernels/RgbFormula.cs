using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Kernels;

/// <summary>
/// One channel from Y'CbCr: <c>clamp(y·Y' + cb·Cb + cr·Cr + bias, 0, 255) · scale + offset</c>. Coefficients and
/// quantisation after ITU-T H.273 (BT.601, BT.709 and BT.2020 non-constant luminance).
/// </summary>
internal readonly struct RgbFormula(float y, float cb, float cr, float bias, float scale, float offset)
{
    private const float Top = 255;

    /// <summary>The formulas of red, green and blue.</summary>
    public static (RgbFormula Red, RgbFormula Green, RgbFormula Blue) Create(
        YuvColor color, int bitDepth, float scale, float offset)
    {
        var (red, green, blue) = Mixes(color);
        return (Of(red, color, bitDepth, scale, offset), Of(green, color, bitDepth, scale, offset), Of(blue, color, bitDepth, scale, offset));
    }

    /// <summary>The formula of full-range BT.601 luma, 0 to 255.</summary>
    public static RgbFormula CreateGrey(YuvColor color, int bitDepth)
    {
        var (red, green, blue) = Mixes(color);
        var (fromRed, fromBlue) = new YuvColor(YuvMatrix.Bt601, FullRange: true).LumaShares;
        var grey = (fromRed * red) + ((1 - fromRed - fromBlue) * green) + (fromBlue * blue);
        return Of(grey, color, bitDepth, scale: 1, offset: 0);
    }

    /// <summary>What blue and red chroma, each -0.5 to 0.5, add to a channel of 0 to 1.</summary>
    private static (ChromaMix Red, ChromaMix Green, ChromaMix Blue) Mixes(YuvColor color)
    {
        var (kr, kb) = color.LumaShares;
        return (
            new ChromaMix(0, 2 * (1 - kr)),
            new ChromaMix(-2 * (1 - kb) * kb / (1 - kr - kb), -2 * (1 - kr) * kr / (1 - kr - kb)),
            new ChromaMix(2 * (1 - kb), 0));
    }

    private static RgbFormula Of(ChromaMix mix, YuvColor color, int bitDepth, float scale, float offset)
    {
        var codes = CodeRange.Of(color, bitDepth);
        var (luma, chroma) = (Top / codes.Luma, Top / codes.Chroma);
        var bias = -(luma * codes.Black) - (chroma * codes.Neutral * (mix.Blue + mix.Red));
        return new RgbFormula((float)luma, (float)(chroma * mix.Blue), (float)(chroma * mix.Red), (float)bias, scale, offset);
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

    private readonly record struct ChromaMix(double Blue, double Red)
    {
        public static ChromaMix operator +(ChromaMix a, ChromaMix b) => new(a.Blue + b.Blue, a.Red + b.Red);

        public static ChromaMix operator *(double factor, ChromaMix mix) => new(factor * mix.Blue, factor * mix.Red);
    }
}
