using System.Runtime.InteropServices;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Frames;

/// <summary>A decoded picture and its place in time: a lease of pooled memory with exactly one owner.</summary>
public sealed class VideoFrame : IDisposable
{
    private readonly FramePool _pool;
    private byte[]? _buffer;

    internal VideoFrame(FramePool pool, byte[] buffer, long index, long pts, Rational timeBase, long arrivedAt)
    {
        _pool = pool;
        _buffer = buffer;
        Index = index;
        Pts = pts;
        TimeBase = timeBase;
        ArrivedAt = arrivedAt;
    }

    public FrameFormat Format => _pool.Format;

    /// <summary>Position in decoding order, from 0.</summary>
    public long Index { get; }

    /// <summary>Presentation time in ticks of <see cref="TimeBase"/>.</summary>
    public long Pts { get; }

    /// <summary>Seconds per tick.</summary>
    public Rational TimeBase { get; }

    /// <summary>When a live source read it: a <see cref="TimeProvider"/>'s timestamp; 0 for recordings.</summary>
    public long ArrivedAt { get; }

    /// <summary>Presentation time in seconds.</summary>
    public double TimeSeconds => Pts * TimeBase.Value;

    /// <summary>The planes, packed as <see cref="FrameFormat"/> says.</summary>
    /// <exception cref="ObjectDisposedException">The frame went back to its pool.</exception>
    public Memory<byte> Memory => Buffer.AsMemory(0, Format.SizeBytes);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(VideoFrame));

    /// <summary>Borrows a plane of an 8-bit frame.</summary>
    public PlaneView<byte> Plane8(int plane)
    {
        ThrowIfSampleSizeIsNot(1);
        return new PlaneView<byte>(PlaneBytes(plane), Format.PlaneWidth(plane), Format.PlaneHeight(plane), Format.PlaneWidth(plane));
    }

    /// <summary>Borrows a plane of a frame with more than 8 bits.</summary>
    public PlaneView<ushort> Plane16(int plane)
    {
        ThrowIfSampleSizeIsNot(2);
        var samples = MemoryMarshal.Cast<byte, ushort>(PlaneBytes(plane));
        return new PlaneView<ushort>(samples, Format.PlaneWidth(plane), Format.PlaneHeight(plane), Format.PlaneWidth(plane));
    }

    /// <summary>Hands the memory back; the second and later calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            _pool.Return(buffer);
        }
    }

    private Span<byte> PlaneBytes(int plane)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)plane, (uint)FrameFormat.PlaneCount, nameof(plane));
        var start = Format.PlaneOffset(plane);
        return Buffer.AsSpan(start, Format.PlaneOffset(plane + 1) - start);
    }

    private void ThrowIfSampleSizeIsNot(int bytes)
    {
        if (Format.PixelFormat.BytesPerSample != bytes)
        {
            throw new InvalidOperationException($"{Format.PixelFormat} has {Format.PixelFormat.BytesPerSample}-byte samples");
        }
    }
}
