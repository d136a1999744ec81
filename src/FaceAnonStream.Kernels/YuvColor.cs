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
public readonly record struct YuvColor(YuvMatrix Matrix, bool FullRange);
