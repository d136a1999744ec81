namespace FaceAnonStream.Media.Nut;

/// <summary>What every packet other than a frame starts with.</summary>
/// <param name="Startcode">The packet's type.</param>
/// <param name="BodyBytes">Bytes that follow, the checksum at their end included.</param>
/// <param name="HeadBytes">Bytes of the head itself.</param>
internal readonly record struct NutPacketHead(ulong Startcode, long BodyBytes, int HeadBytes)
{
    /// <returns>False when <paramref name="bytes"/> do not hold all of it yet.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, long offset, NutLimits limits, out NutPacketHead head)
    {
        head = default;
        var reader = new NutReader(bytes, offset);
        var startcode = reader.ReadUInt64();
        var bodyBytes = reader.ReadUnsigned();
        if (bodyBytes > NutFormat.UncheckedForwardPointer)
        {
            reader.ReadBytes(NutFormat.ChecksumBytes);
        }

        if (reader.IsExhausted)
        {
            return false;
        }

        if (bodyBytes > NutFormat.UncheckedForwardPointer && NutChecksum.Compute(bytes[..reader.Consumed]) != 0)
        {
            throw new NutFormatException("a packet header's checksum is wrong", offset);
        }

        var limit = startcode == NutFormat.IndexStartcode ? limits.MaxIndexBytes : limits.MaxHeaderBytes;
        if (bodyBytes < NutFormat.ChecksumBytes || bodyBytes > (ulong)limit)
        {
            throw new NutFormatException(
                $"a packet of {bodyBytes} bytes; allowed {NutFormat.ChecksumBytes} to {limit}", offset);
        }

        head = new NutPacketHead(startcode, (long)bodyBytes, reader.Consumed);
        return true;
    }
}
