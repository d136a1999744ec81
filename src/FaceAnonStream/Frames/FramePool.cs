using System.Collections.Concurrent;

namespace FaceAnonStream.Frames;

/// <summary>A bounded pool of frame memory. Renting from an empty pool waits: this is what bounds the pipeline's memory.</summary>
public sealed class FramePool : IDisposable
{
    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly SemaphoreSlim _available;
    private int _live;

    /// <param name="format">Format of every frame.</param>
    /// <param name="capacity">Frames alive at once, at least 1.</param>
    public FramePool(FrameFormat format, int capacity)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Format = format;
        Capacity = capacity;
        _available = new SemaphoreSlim(capacity, capacity);
    }

    public FrameFormat Format { get; }

    public int Capacity { get; }

    /// <summary>Frames rented and not yet disposed.</summary>
    public int LiveFrames => Volatile.Read(ref _live);

    /// <summary>Waits for free memory and leases it. The content is whatever an earlier frame left.</summary>
    public async ValueTask<VideoFrame> RentAsync(long index, long pts, Rational timeBase, CancellationToken ct)
    {
        await _available.WaitAsync(ct).ConfigureAwait(false);
        return Lease(index, pts, timeBase, arrivedAt: 0);
    }

    /// <summary>Leases memory if there is any free, as <see cref="RentAsync"/> does; null otherwise.</summary>
    /// <param name="index">Position in decoding order.</param>
    /// <param name="pts">Presentation time.</param>
    /// <param name="timeBase">Seconds per tick.</param>
    /// <param name="arrivedAt">When the frame was read.</param>
    public VideoFrame? TryRent(long index, long pts, Rational timeBase, long arrivedAt) =>
        _available.Wait(0) ? Lease(index, pts, timeBase, arrivedAt) : null;

    public void Dispose() => _available.Dispose();

    internal void Return(byte[] buffer)
    {
        _free.Add(buffer);
        Interlocked.Decrement(ref _live);
        _available.Release();
    }

    private VideoFrame Lease(long index, long pts, Rational timeBase, long arrivedAt)
    {
        Interlocked.Increment(ref _live);
        if (!_free.TryTake(out var buffer))
        {
            buffer = GC.AllocateUninitializedArray<byte>(Format.SizeBytes, pinned: true);
        }

        return new VideoFrame(this, buffer, index, pts, timeBase, arrivedAt);
    }
}
