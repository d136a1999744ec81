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
