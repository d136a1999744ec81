namespace FaceAnonStream.Kernels;

/// <summary>The luma coefficients of a Y'CbCr signal.</summary>
public enum YuvMatrix
{
    /// <summary>ITU-R BT.601 (also SMPTE 170M and BT.470 BG).</summary>
    Bt601,

    /// <summary>ITU-R BT.709.</summary>
    Bt709,

    /// <summary>ITU-R BT.2020, non-constant luminance.</summary>
    Bt2020,
}

/// <summary>How Y'CbCr samples map to R'G'B'.</summary>
/// <param name="Matrix">Luma coefficients.</param>
/// <param name="FullRange">True when samples use the whole code range; false for limited ("tv") range.</param>
public readonly record struct YuvColor(YuvMatrix Matrix, bool FullRange)
{
    /// <summary>The shares of red and blue in luma (ITU-T H.273); green has the rest.</summary>
    public (double Red, double Blue) LumaShares => Matrix switch
    {
        YuvMatrix.Bt601 => (0.299, 0.114),
        YuvMatrix.Bt709 => (0.2126, 0.0722),
        YuvMatrix.Bt2020 => (0.2627, 0.0593),
        _ => throw new InvalidOperationException($"unknown luma coefficients {Matrix}"),
    };
}

/// <summary>How a signal is quantised (ITU-T H.273).</summary>
/// <param name="Black">Code of luma 0.</param>
/// <param name="Luma">Codes from luma 0 to 1.</param>
/// <param name="Neutral">Code of chroma 0.</param>
/// <param name="Chroma">Codes from chroma -0.5 to 0.5.</param>
/// <param name="Top">The largest code.</param>
internal readonly record struct CodeRange(double Black, double Luma, double Neutral, double Chroma, double Top)
{
    public static CodeRange Of(YuvColor color, int bitDepth)
    {
        var unit = 1 << (bitDepth - 8);
        var top = (1 << bitDepth) - 1;
        return color.FullRange
            ? new CodeRange(0, top, 128 * unit, top, top)
            : new CodeRange(16 * unit, 219 * unit, 128 * unit, 224 * unit, top);
    }
}
