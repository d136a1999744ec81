using System.Numerics;

namespace FaceAnonStream.Inference;

/// <summary>Looks for values that are no numbers in what models give.</summary>
internal static class Finite
{
    /// <summary>Whether every value is a number: neither infinite nor NaN.</summary>
    public static bool All(ReadOnlySpan<float> values)
    {
        // 0 x is 0 for numbers and NaN for everything else, and NaN stays in a sum.
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sum += new Vector<float>(values[i..]) * 0f;
        }

        var rest = Vector.Sum(sum);
        for (; i < values.Length; i++)
        {
            rest += values[i] * 0f;
        }

        return rest == 0f;
    }
}
