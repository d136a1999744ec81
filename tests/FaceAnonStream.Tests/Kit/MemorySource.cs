using FaceAnonStream.Faults;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tests.Kit;

/// <summary>
/// Frames of fine noise, which nothing but the original has: a copied pixel is recognised. Frame n is reproducible.
/// </summary>
internal sealed class MemorySource(FramePool pool, int frames, int? failAt = null) : IVideoSource
{
    private int _next;

    public FrameFormat Format => pool.Format;

    public Rational TimeBase { get; } = new(1, 25);

    /// <summary>The bytes of frame n before anyone touched them.</summary>
    public static byte[] Original(FrameFormat format, long index)
    {
        var bytes = new byte[format.SizeBytes];
        new Random(1000 + (int)index).NextBytes(bytes);
        if (format.PixelFormat.BytesPerSample == 2)
        {
            for (var i = 1; i < bytes.Length; i += 2)
            {
                bytes[i] &= 3;
            }
        }

        return bytes;
    }

    public async ValueTask<VideoFrame?> ReadAsync(CancellationToken ct)
    {
        if (_next == failAt)
        {
            throw new FaultException(FaultOrigin.Source, "injected source fault");
        }

        if (_next == frames)
        {
            return null;
        }

        var frame = await pool.RentAsync(_next, _next, TimeBase, ct);
        Original(Format, _next++).CopyTo(frame.Memory);
        return frame;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
