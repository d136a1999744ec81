using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FaceAnonStream.Kernels;

/// <summary>Turns four rows of floats into one vector per column, a row per lane, and back.</summary>
internal static class Lanes4x4
{
    /// <param name="rows">Four rows of <c>columns.Length</c> floats, a multiple of 4.</param>
    /// <param name="columns">Receives one vector per column.</param>
    public static void FromRows(ReadOnlySpan<float> rows, Span<Vector128<float>> columns)
    {
        var vectors = MemoryMarshal.Cast<float, Vector128<float>>(rows);
        var stride = columns.Length / 4;
        var a = vectors[..stride];
        var b = vectors.Slice(stride, stride);
        var c = vectors.Slice(2 * stride, stride);
        var d = vectors.Slice(3 * stride, stride);
        for (var i = 0; i < stride; i++)
        {
            var block = columns.Slice(4 * i, 4);
            (block[0], block[1], block[2], block[3]) = Transpose(a[i], b[i], c[i], d[i]);
        }
    }

    /// <param name="columns">One vector per column; their number is a multiple of 4.</param>
    /// <param name="rows">Receives four rows of <c>columns.Length</c> floats.</param>
    public static void ToRows(ReadOnlySpan<Vector128<float>> columns, Span<float> rows)
    {
        var vectors = MemoryMarshal.Cast<float, Vector128<float>>(rows);
        var stride = columns.Length / 4;
        var a = vectors[..stride];
        var b = vectors.Slice(stride, stride);
        var c = vectors.Slice(2 * stride, stride);
        var d = vectors.Slice(3 * stride, stride);
        for (var i = 0; i < stride; i++)
        {
            var block = columns.Slice(4 * i, 4);
            (a[i], b[i], c[i], d[i]) = Transpose(block[0], block[1], block[2], block[3]);
        }
    }

    /// <summary>Two rounds of interleaving rows two apart transpose a 4 × 4 block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> A, Vector128<float> B, Vector128<float> C, Vector128<float> D) Transpose(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        var (lowAc, lowBd, highAc, highBd) = (ZipLow(a, c), ZipLow(b, d), ZipHigh(a, c), ZipHigh(b, d));
        return (ZipLow(lowAc, lowBd), ZipHigh(lowAc, lowBd), ZipLow(highAc, highBd), ZipHigh(highAc, highBd));
    }

    // No portable vector operation takes elements of two vectors in one instruction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
