using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Kernels;

/// <summary>
/// One of Y', Cb and Cr, as a code, from R'G'B' of 0 to 1, times a mask: <c>mask · clamp(r·R' + g·G' + b·B' + bias, 0, top)</c>.
/// Coefficients and quantisation after ITU-T H.273; the inverse of <see cref="RgbFormula"/>. Inputs beyond 0 to 1 are clamped.
/// </summary>
internal readonly struct CodeFormula(float r, float g, float b, float bias, float top)
{
    /// <summary>The mask itself.</summary>
    public static CodeFormula Mask => new(0, 0, 0, bias: 1, top: 1);

    /// <summary>The formulas of Y', Cb and Cr.</summary>
    public static CodeFormula[] Create(YuvColor color, int bitDepth)
    {
        var (kr, kb) = color.LumaShares;
        var kg = 1 - kr - kb;
        var codes = CodeRange.Of(color, bitDepth);
        var (blue, red) = (codes.Chroma / (2 * (1 - kb)), codes.Chroma / (2 * (1 - kr)));
        return
        [
            Of(codes.Luma * kr, codes.Luma * kg, codes.Luma * kb, codes.Black),
            Of(-blue * kr, -blue * kg, blue * (1 - kb), codes.Neutral),
            Of(red * (1 - kr), -red * kg, -red * kb, codes.Neutral),
        ];

        CodeFormula Of(double r, double g, double b, double bias) => new((float)r, (float)g, (float)b, (float)bias, (float)codes.Top);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float red, float green, float blue, float mask)
    {
        var code = (r * Share(red)) + (g * Share(green)) + (b * Share(blue)) + bias;
        return Share(mask) * MathF.Min(MathF.Max(code, 0), top);

        static float Share(float value) => MathF.Min(MathF.Max(value, 0), 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> red, Vector<float> green, Vector<float> blue, Vector<float> mask)
    {
        var code = (new Vector<float>(r) * Share(red)) + (new Vector<float>(g) * Share(green)) + (new Vector<float>(b) * Share(blue))
            + new Vector<float>(bias);
        return Share(mask) * Vector.Min(Vector.Max(code, Vector<float>.Zero), new Vector<float>(top));

        static Vector<float> Share(Vector<float> value) => Vector.Min(Vector.Max(value, Vector<float>.Zero), Vector<float>.One);
    }

    /// <summary>Runs the formula over a picture of [3, N] and its mask of [N].</summary>
    public void Run(ReadOnlySpan<float> rgb, ReadOnlySpan<float> mask, Span<float> codes)
    {
        var red = rgb[..mask.Length];
        var green = rgb.Slice(mask.Length, mask.Length);
        var blue = rgb.Slice(2 * mask.Length, mask.Length);
        var targets = MemoryMarshal.Cast<float, Vector<float>>(codes[..mask.Length]);
        var reds = MemoryMarshal.Cast<float, Vector<float>>(red)[..targets.Length];
        var greens = MemoryMarshal.Cast<float, Vector<float>>(green)[..targets.Length];
        var blues = MemoryMarshal.Cast<float, Vector<float>>(blue)[..targets.Length];
        var masks = MemoryMarshal.Cast<float, Vector<float>>(mask)[..targets.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = Apply(reds[i], greens[i], blues[i], masks[i]);
        }

        for (var i = targets.Length * Vector<float>.Count; i < mask.Length; i++)
        {
            codes[i] = Apply(red[i], green[i], blue[i], mask[i]);
        }
    }
}
