namespace FaceAnonStream.Kernels;

/// <summary>What <see cref="CellField"/> paints.</summary>
public enum CellFieldMode
{
    /// <summary>Each cell's mean.</summary>
    Mosaic,

    /// <summary>The mosaic, then a Gaussian whose full width at half maximum is one cell.</summary>
    Blur,

    /// <summary>One given sample value.</summary>
    Solid,
}

/// <summary>How <see cref="CellField"/> covers an ellipse; use the factories.</summary>
/// <param name="Mode">What to paint.</param>
/// <param name="Cells">Cells along the longer side, 1 to <see cref="CellField.MaxCells"/>; unused when solid.</param>
/// <param name="Feather">Width of the soft edge outside the ellipse, as a share of the radius, 0 to 1.</param>
/// <param name="SolidValue">The sample that solid cover paints.</param>
public readonly record struct CellFieldOptions(CellFieldMode Mode, int Cells, float Feather, ushort SolidValue)
{
    public static CellFieldOptions Mosaic(int cells, float feather) => new(CellFieldMode.Mosaic, cells, feather, 0);

    public static CellFieldOptions Blur(int cells, float feather) => new(CellFieldMode.Blur, cells, feather, 0);

    public static CellFieldOptions Solid(ushort value, float feather) => new(CellFieldMode.Solid, 1, feather, value);

    /// <exception cref="ArgumentException">A member is outside its range.</exception>
    internal void ThrowIfInvalid(float maxSample)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)Mode, (int)CellFieldMode.Solid, nameof(Mode));
        ArgumentOutOfRangeException.ThrowIfNegative((int)Mode, nameof(Mode));
        ArgumentOutOfRangeException.ThrowIfLessThan(Cells, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Cells, CellField.MaxCells);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SolidValue, maxSample, nameof(SolidValue));
        // Written so that NaN fails too.
        if (!(Feather >= 0 && Feather <= 1))
        {
            throw new ArgumentException($"feather: {Feather}; allowed 0-1");
        }
    }
}
