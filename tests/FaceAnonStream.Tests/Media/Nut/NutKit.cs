using System.Buffers;
using FaceAnonStream.Media.Nut;

namespace FaceAnonStream.Tests.Media.Nut;

/// <summary>A packet with its bytes.</summary>
internal sealed record NutPiece(int Stream, long Pts, bool IsKey, byte[] Payload);

/// <summary>Whole streams read and written in one call.</summary>
internal static class NutKit
{
    public static async Task<(NutHeader Header, List<NutPiece> Pieces)> ReadAllAsync(
        Stream input, NutLimits? limits = null)
    {
        var demuxer = new NutDemuxer(input, limits);
        var header = await demuxer.ReadHeaderAsync(default);
        var pieces = new List<NutPiece>();
        while (await demuxer.ReadPacketAsync(default) is { } packet)
        {
            var payload = new byte[packet.Size];
            await demuxer.ReadPayloadAsync(payload, default);
            pieces.Add(new NutPiece(packet.Stream, packet.Pts, packet.IsKey, payload));
        }

        return (header, pieces);
    }

    public static Task<(NutHeader Header, List<NutPiece> Pieces)> ReadAllAsync(byte[] bytes, NutLimits? limits = null) =>
        ReadAllAsync(new MemoryStream(bytes), limits);

    public static async Task WriteAllAsync(
        Stream output, IReadOnlyList<NutStream> streams, IEnumerable<NutPiece> pieces, NutSyncpoints syncpoints)
    {
        var muxer = new NutMuxer(output, streams, syncpoints);
        await muxer.WriteHeaderAsync(default);
        foreach (var piece in pieces)
        {
            await muxer.WritePacketAsync(piece.Stream, piece.Pts, piece.IsKey, piece.Payload, default);
        }

        await muxer.FinishAsync(default);
    }

    public static async Task<byte[]> WriteAllAsync(
        IReadOnlyList<NutStream> streams,
        IEnumerable<NutPiece> pieces,
        NutSyncpoints syncpoints = NutSyncpoints.Periodic)
    {
        var output = new MemoryStream();
        await WriteAllAsync(output, streams, pieces, syncpoints);
        return output.ToArray();
    }

    public static byte[] Bytes(Action<ArrayBufferWriter<byte>> write)
    {
        var writer = new ArrayBufferWriter<byte>();
        write(writer);
        return writer.WrittenSpan.ToArray();
    }

    public static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>Hands out bytes in small, unequal pieces, as a pipe may, and counts them.</summary>
internal sealed class ChunkedStream(byte[] bytes, int seed) : MemoryStream(bytes)
{
    private readonly Random _random = new(seed);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, _random.Next(1, 40))], cancellationToken);
}
