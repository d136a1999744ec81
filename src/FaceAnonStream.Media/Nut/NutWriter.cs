using System.Buffers;
using System.Buffers.Binary;

namespace FaceAnonStream.Media.Nut;

/// <summary>Writes NUT's primitive types; the counterpart of <see cref="NutReader"/>.</summary>
internal static class NutWriter
{
    public static void WriteUnsigned(this ArrayBufferWriter<byte> writer, ulong value)
    {
        var length = 1;
        for (var rest = value >> 7; rest != 0; rest >>= 7)
        {
            length++;
        }

        var span = writer.GetSpan(length);
        for (var i = length - 1; i >= 0; i--)
        {
            span[i] = (byte)((value & 0x7F) | (i == length - 1 ? 0u : 0x80u));
            value >>= 7;
        }

        writer.Advance(length);
    }

    public static void WriteSigned(this ArrayBufferWriter<byte> writer, long value) =>
        writer.WriteUnsigned(value > 0 ? ((ulong)value * 2) - 1 : (ulong)-value * 2);

    public static void WriteBlock(this ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteUnsigned((ulong)bytes.Length);
        writer.Write(bytes);
    }

    public static void WriteUInt64(this ArrayBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    /// <summary>Appends the checksum of everything written from <paramref name="start"/> on.</summary>
    public static void WriteChecksum(this ArrayBufferWriter<byte> writer, int start)
    {
        var checksum = NutChecksum.Compute(writer.WrittenSpan[start..]);
        BinaryPrimitives.WriteUInt32BigEndian(writer.GetSpan(NutFormat.ChecksumBytes), checksum);
        writer.Advance(NutFormat.ChecksumBytes);
    }

    /// <summary>Appends a whole packet: startcode, forward pointer and its checksum if it needs one, body, checksum.</summary>
    public static void WritePacket(this ArrayBufferWriter<byte> writer, ulong startcode, ReadOnlySpan<byte> body)
    {
        var start = writer.WrittenCount;
        var forwardPointer = body.Length + NutFormat.ChecksumBytes;
        writer.WriteUInt64(startcode);
        writer.WriteUnsigned((ulong)forwardPointer);
        if (forwardPointer > NutFormat.UncheckedForwardPointer)
        {
            writer.WriteChecksum(start);
        }

        var bodyStart = writer.WrittenCount;
        writer.Write(body);
        writer.WriteChecksum(bodyStart);
    }
}
