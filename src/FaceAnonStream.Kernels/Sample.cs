using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaceAnonStream.Kernels;

/// <summary>Four float vectors: what one <see cref="Vector{T}"/> of bytes widens to.</summary>
internal readonly struct Quad(Vector<float> a, Vector<float> b, Vector<float> c, Vector<float> d)
{
    public readonly Vector<float> A = a;
    public readonly Vector<float> B = b;
    public readonly Vector<float> C = c;
    public readonly Vector<float> D = d;
}

/// <summary>How a sample type widens to float and narrows back. The branches on <typeparamref name="T"/> are constants
/// to the JIT, so each instantiation holds one of them.</summary>
/// <typeparam name="T"><see cref="byte"/>, <see cref="ushort"/> or (already wide) <see cref="float"/>.</typeparam>
internal static class Sample<T>
    where T : unmanaged
{
    /// <summary>Samples per <see cref="Load"/> and <see cref="Store"/>.</summary>
    public static int Lanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4 * Vector<float>.Count;
    }

    /// <summary>The largest sample.</summary>
    public static float Max
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(byte) ? byte.MaxValue : ushort.MaxValue;
    }

    /// <exception cref="ArgumentException">Planes hold bytes or ushorts only.</exception>
    public static void ThrowIfNotPlaneSample()
    {
        if (typeof(T) != typeof(byte) && typeof(T) != typeof(ushort))
        {
            throw new ArgumentException($"planes hold byte or ushort samples, not {typeof(T).Name}");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(T sample)
    {
        if (typeof(T) == typeof(byte))
        {
            return (byte)(object)sample;
        }

        return typeof(T) == typeof(ushort) ? (ushort)(object)sample : (float)(object)sample;
    }

    /// <summary>Rounds half up and saturates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Narrow(float value)
    {
        var code = (int)(MathF.Min(MathF.Max(value, 0), Max) + 0.5f);
        return typeof(T) == typeof(byte) ? (T)(object)(byte)code : (T)(object)(ushort)code;
    }

    /// <summary>Widens the first <see cref="Lanes"/> samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad Load(ReadOnlySpan<T> samples)
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(samples[..Lanes]);
        if (typeof(T) == typeof(float))
        {
            return new Quad(
                vectors[0].As<T, float>(),
                vectors[1].As<T, float>(),
                vectors[2].As<T, float>(),
                vectors[3].As<T, float>());
        }

        Vector<ushort> low;
        Vector<ushort> high;
        if (typeof(T) == typeof(byte))
        {
            Vector.Widen(vectors[0].As<T, byte>(), out low, out high);
        }
        else
        {
            low = vectors[0].As<T, ushort>();
            high = vectors[1].As<T, ushort>();
        }

        Vector.Widen(low, out var a, out var b);
        Vector.Widen(high, out var c, out var d);
        return new Quad(ToSingle(a), ToSingle(b), ToSingle(c), ToSingle(d));
    }

    /// <summary>Rounds half up, saturates and writes the first <see cref="Lanes"/> samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Quad values, Span<T> samples)
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(samples[..Lanes]);
        var low = Vector.NarrowWithSaturation(ToCode(values.A), ToCode(values.B));
        var high = Vector.NarrowWithSaturation(ToCode(values.C), ToCode(values.D));
        if (typeof(T) == typeof(byte))
        {
            vectors[0] = Vector.NarrowWithSaturation(low, high).As<byte, T>();
        }
        else
        {
            vectors[0] = low.As<ushort, T>();
            vectors[1] = high.As<ushort, T>();
        }
    }

    // A sample fits a signed integer, whose conversion is one instruction everywhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ToSingle(Vector<uint> codes) => Vector.ConvertToSingle(codes.As<uint, int>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> ToCode(Vector<float> value)
    {
        var saturated = Vector.Min(Vector.Max(value, Vector<float>.Zero), new Vector<float>(Max));
        return Vector.ConvertToInt32Native(saturated + new Vector<float>(0.5f)).As<int, uint>();
    }
}
