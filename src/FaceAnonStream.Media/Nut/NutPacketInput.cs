using System.Runtime.CompilerServices;

namespace FaceAnonStream.Media.Nut;

/// <summary>Reads packets other than frames, and trusts none of their bytes before their checksum.</summary>
internal sealed class NutPacketInput(NutInput input, NutLimits limits)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<NutPacketHead> ReadHeadAsync(CancellationToken ct)
    {
        NutPacketHead head;
        while (!NutPacketHead.TryParse(input.Buffered, input.Position, limits, out head))
        {
            await input.FillAsync(ct).ConfigureAwait(false);
        }

        input.Advance(head.HeadBytes);
        return head;
    }

    /// <summary>Reads a body into memory of its own.</summary>
    /// <returns>The body with its checksum at the end.</returns>
    public async ValueTask<byte[]> ReadBodyAsync(NutPacketHead head, CancellationToken ct)
    {
        var start = input.Position;
        var body = new byte[head.BodyBytes];
        await input.ReadAsync(body, ct).ConfigureAwait(false);
        ThrowIfDamaged(NutChecksum.Compute(body), start);
        return body;
    }

    /// <summary>Waits until a small body lies in the input's buffer; the caller advances past it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask BufferBodyAsync(NutPacketHead head, int maxBytes, CancellationToken ct)
    {
        if (head.BodyBytes > maxBytes)
        {
            throw new NutFormatException(
                $"a packet of {head.BodyBytes} bytes; allowed {NutFormat.ChecksumBytes} to {maxBytes}", input.Position);
        }

        while (input.Buffered.Length < head.BodyBytes)
        {
            await input.FillAsync(ct).ConfigureAwait(false);
        }

        ThrowIfDamaged(NutChecksum.Compute(input.Buffered[..(int)head.BodyBytes]), input.Position);
    }

    public async ValueTask PassBodyAsync(NutPacketHead head, CancellationToken ct)
    {
        var start = input.Position;
        ThrowIfDamaged(await input.ChecksumAsync(head.BodyBytes, ct).ConfigureAwait(false), start);
    }

    private static void ThrowIfDamaged(uint checksum, long start)
    {
        if (checksum != 0)
        {
            throw new NutFormatException("a packet's checksum is wrong", start);
        }
    }
}
