using System.Numerics;
using FaceAnonStream.Kernels;
using Shouldly;

namespace FaceAnonStream.Tests.Kernels;

/// <summary>Seeded noise inside a larger array: before, after and between the plane's rows lie guard samples.</summary>
internal sealed class GuardedPlane<T>
    where T : unmanaged, INumber<T>
{
    private const int Margin = 67;
    private readonly T[] _samples;
    private readonly T[] _original;

    public GuardedPlane(int width, int height, int stride, int seed = 1, int codes = 256)
    {
        (Width, Height, Stride) = (width, height, stride);
        _samples = new T[(2 * Margin) + ((height - 1) * stride) + width];
        var random = new Random(seed);
        for (var i = 0; i < _samples.Length; i++)
        {
            _samples[i] = T.CreateChecked(random.Next(codes));
        }

        _original = [.. _samples];
    }

    public int Width { get; }

    public int Height { get; }

    public int Stride { get; }

    public PlaneView<T> View => new(_samples.AsSpan(Margin, _samples.Length - (2 * Margin)), Width, Height, Stride);

    public T this[int x, int y]
    {
        get => _samples[Index(x, y)];
        set => _samples[Index(x, y)] = value;
    }

    public T Original(int x, int y) => _original[Index(x, y)];

    public void Fill(T value)
    {
        for (var y = 0; y < Height; y++)
        {
            View.Row(y).Fill(value);
        }
    }

    /// <summary>Every sample that changed lies where <paramref name="mayChange"/> says so, and no guard did.</summary>
    public void ShouldBeUntouchedExcept(Func<int, int, bool> mayChange)
    {
        for (var i = 0; i < _samples.Length; i++)
        {
            if (_samples[i] != _original[i])
            {
                var (y, x) = Math.DivRem(i - Margin, Stride);
                (i >= Margin && x < Width && y < Height && mayChange(x, y)).ShouldBeTrue($"sample {x},{y} changed");
            }
        }
    }

    private int Index(int x, int y) => Margin + (y * Stride) + x;
}
