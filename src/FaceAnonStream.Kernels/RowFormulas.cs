using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceAnonStream.Kernels;

/// <summary>A formula that reads a sample and updates the float beside it.</summary>
internal interface IFoldFormula
{
    float Apply(float sample, float sum);

    Vector<float> Apply(Vector<float> sample, Vector<float> sum);
}

/// <summary>A formula that replaces a sample, given two floats beside it.</summary>
internal interface IReplaceFormula
{
    float Apply(float sample, float first, float second);

    Vector<float> Apply(Vector<float> sample, Vector<float> first, Vector<float> second);
}

// Formulas multiply and add in two roundings rather than fuse them: the scalar and the vector form then agree bit for
// bit, and so do machines with and without fused multiply-add.

/// <summary>weight × sample: the first tap of a weighted sum.</summary>
internal readonly struct ScaleFormula(float weight) : IFoldFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float sample, float sum) => weight * sample;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> sample, Vector<float> sum) => new Vector<float>(weight) * sample;
}

/// <summary>sum + weight × sample: the further taps of a weighted sum.</summary>
internal readonly struct AccumulateFormula(float weight) : IFoldFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float sample, float sum) => sum + (weight * sample);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> sample, Vector<float> sum) => sum + (new Vector<float>(weight) * sample);
}

/// <summary>Blends a sample towards a value inside a soft ellipse; see <see cref="CellField"/>.</summary>
/// <param name="rowDistance">Squared vertical distance of this row from the ellipse's centre, in radii.</param>
/// <param name="feather">Width of the soft edge, in radii, at least 0.</param>
internal readonly struct EllipseBlendFormula(float rowDistance, float feather) : IReplaceFormula
{
    private readonly float _outer = 1 + feather;

    // Without a soft edge the ramp is zero everywhere and only the inside is covered.
    private readonly float _slope = feather > 0 ? 1 / feather : 0;

    /// <param name="sample">The sample in place.</param>
    /// <param name="value">What covers it.</param>
    /// <param name="columnDistance">Squared horizontal distance from the ellipse's centre, in radii.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float sample, float value, float columnDistance)
    {
        var distance = columnDistance + rowDistance;
        var ramp = MathF.Min(MathF.Max((_outer - MathF.Sqrt(distance)) * _slope, 0), 1);
        var alpha = ramp * ramp * (3 - (2 * ramp));
        return distance <= 1 ? value : sample + (alpha * (value - sample));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> sample, Vector<float> value, Vector<float> columnDistance)
    {
        var distance = columnDistance + new Vector<float>(rowDistance);
        var ramp = (new Vector<float>(_outer) - Vector.SquareRoot(distance)) * new Vector<float>(_slope);
        ramp = Vector.Min(Vector.Max(ramp, Vector<float>.Zero), Vector<float>.One);
        var alpha = ramp * ramp * (new Vector<float>(3) - (new Vector<float>(2) * ramp));
        var inside = Vector.LessThanOrEqual(distance, Vector<float>.One);
        return Vector.ConditionalSelect(inside, value, sample + (alpha * (value - sample)));
    }
}

/// <summary>Draws over a sample: share and colour, already multiplied by its share. Where the share is 0 the sample stays.</summary>
internal readonly struct OverFormula : IReplaceFormula
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Apply(float sample, float share, float colour) => (sample - (share * sample)) + colour;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Apply(Vector<float> sample, Vector<float> share, Vector<float> colour) => (sample - (share * sample)) + colour;
}
