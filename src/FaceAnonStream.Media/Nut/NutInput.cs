using System.Runtime.CompilerServices;

namespace FaceAnonStream.Media.Nut;

/// <summary>
/// A stream read through one fixed buffer: small structures are parsed in place, large payloads go past it. It never reads
/// when it has what was asked for, so a live peer's pause in mid-packet delays nothing.
/// </summary>
internal sealed class NutInput(Stream stream)
{
    private readonly byte[] _buffer = new byte[2 * NutFrameHeader.MaxBytes];
    private int _start;
    private int _end;

    /// <summary>Stream offset of the first unread byte.</summary>
    public long Position { get; private set; }

    /// <summary>Unread bytes at hand. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _end - _start);
        _start += count;
        Position += count;
    }

    /// <summary>Adds at least one byte to <see cref="Buffered"/>.</summary>
    /// <returns>False at the end of the stream.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> TryFillAsync(CancellationToken ct)
    {
        if (_start == _end || _end == _buffer.Length)
        {
            Buffered.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            throw new InvalidOperationException("a structure is larger than the buffer");
        }

        var count = await stream.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }

    /// <exception cref="NutFormatException">The stream ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FillAsync(CancellationToken ct)
    {
        if (!await TryFillAsync(ct).ConfigureAwait(false))
        {
            throw NutFormatException.Truncated(Position + Buffered.Length);
        }
    }

    /// <summary>Fills <paramref name="destination"/>: what is buffered first, then straight from the stream.</summary>
    /// <exception cref="NutFormatException">The stream ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadAsync(Memory<byte> destination, CancellationToken ct)
    {
        var buffered = Math.Min(destination.Length, Buffered.Length);
        Buffered[..buffered].CopyTo(destination.Span);
        Advance(buffered);
        destination = destination[buffered..];
        while (destination.Length > 0)
        {
            var count = await stream.ReadAsync(destination, ct).ConfigureAwait(false);
            if (count == 0)
            {
                throw NutFormatException.Truncated(Position);
            }

            Position += count;
            destination = destination[count..];
        }
    }

    /// <exception cref="NutFormatException">The stream ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SkipAsync(long count, CancellationToken ct)
    {
        while (count > Buffered.Length)
        {
            count -= Buffered.Length;
            Advance(Buffered.Length);
            await FillAsync(ct).ConfigureAwait(false);
        }

        Advance((int)count);
    }

    /// <summary>Passes over bytes.</summary>
    /// <returns>Their checksum.</returns>
    /// <exception cref="NutFormatException">The stream ended.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<uint> ChecksumAsync(long count, CancellationToken ct)
    {
        var checksum = 0u;
        while (count > 0)
        {
            if (Buffered.IsEmpty)
            {
                await FillAsync(ct).ConfigureAwait(false);
            }

            var step = (int)Math.Min(count, Buffered.Length);
            checksum = NutChecksum.Update(checksum, Buffered[..step]);
            Advance(step);
            count -= step;
        }

        return checksum;
    }
}
