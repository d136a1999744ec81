using System.Buffers;

namespace FaceAnonStream.Generation;

/// <summary>
/// Memory for crops of faces: lent, and cleared when it comes back. It keeps a bounded number of arrays for the next ones;
/// how many are out is bounded by who holds them. May be used from any thread.
/// </summary>
public sealed class CropPool
{
    private const int LargestArray = 1 << 22;

    private readonly ArrayPool<float> _arrays;
    private int _live;

    /// <param name="kept">Arrays of about one size that are kept for the next ones, at least 1.</param>
    public CropPool(int kept)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1);
        _arrays = ArrayPool<float>.Create(LargestArray, kept);
    }

    /// <summary>Leases that have not come back.</summary>
    public int LiveCrops => Volatile.Read(ref _live);

    /// <summary>Lends memory; its content is anything.</summary>
    /// <param name="length">Numbers.</param>
    public CropMemory Rent(int length)
    {
        var array = _arrays.Rent(length);
        Interlocked.Increment(ref _live);
        return new CropMemory(this, array, length);
    }

    internal void Return(float[] array)
    {
        _arrays.Return(array, clearArray: true);
        Interlocked.Decrement(ref _live);
    }
}

/// <summary>Lent memory with one owner.</summary>
public sealed class CropMemory : IDisposable
{
    private readonly CropPool _pool;
    private readonly int _length;
    private float[]? _array;

    internal CropMemory(CropPool pool, float[] array, int length)
    {
        _pool = pool;
        _array = array;
        _length = length;
    }

    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public Memory<float> Values => (_array ?? throw new ObjectDisposedException(nameof(CropMemory))).AsMemory(0, _length);

    /// <summary>Gives it back; later calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            _pool.Return(array);
        }
    }
}
