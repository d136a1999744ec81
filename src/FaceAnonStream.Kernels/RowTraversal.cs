using System.Numerics;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Kernels;

/// <summary>Runs a formula along a row: whole vectors first, the rest one by one.</summary>
internal static class RowTraversal
{
    /// <summary><c>sums[x] = formula(samples[x], sums[x])</c>; both spans have one length.</summary>
    public static void Fold<T, TFormula>(ReadOnlySpan<T> samples, Span<float> sums, TFormula formula)
        where T : unmanaged
        where TFormula : struct, IFoldFormula
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, samples.Length, nameof(sums));
        var lanes = Sample<T>.Lanes;
        while (samples.Length >= lanes)
        {
            var s = Sample<T>.Load(samples);
            var v = Sample<float>.Load(sums);
            var target = MemoryMarshal.Cast<float, Vector<float>>(sums[..lanes]);
            target[0] = formula.Apply(s.A, v.A);
            target[1] = formula.Apply(s.B, v.B);
            target[2] = formula.Apply(s.C, v.C);
            target[3] = formula.Apply(s.D, v.D);
            samples = samples[lanes..];
            sums = sums[lanes..];
        }

        for (var x = 0; x < samples.Length; x++)
        {
            sums[x] = formula.Apply(Sample<T>.Widen(samples[x]), sums[x]);
        }
    }

    /// <summary><c>samples[x] = formula(samples[x], first[x], second[x])</c>, rounded, saturated; one length.</summary>
    public static void Replace<T, TFormula>(
        Span<T> samples, ReadOnlySpan<float> first, ReadOnlySpan<float> second, TFormula formula)
        where T : unmanaged
        where TFormula : struct, IReplaceFormula
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(first.Length, samples.Length, nameof(first));
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, samples.Length, nameof(second));
        var lanes = Sample<T>.Lanes;
        while (samples.Length >= lanes)
        {
            var s = Sample<T>.Load(samples);
            var f = Sample<float>.Load(first);
            var g = Sample<float>.Load(second);
            var result = new Quad(
                formula.Apply(s.A, f.A, g.A),
                formula.Apply(s.B, f.B, g.B),
                formula.Apply(s.C, f.C, g.C),
                formula.Apply(s.D, f.D, g.D));
            Sample<T>.Store(result, samples);
            samples = samples[lanes..];
            first = first[lanes..];
            second = second[lanes..];
        }

        for (var x = 0; x < samples.Length; x++)
        {
            samples[x] = Sample<T>.Narrow(formula.Apply(Sample<T>.Widen(samples[x]), first[x], second[x]));
        }
    }
}
