namespace FaceAnonStream.Media.Nut;

/// <summary>
/// NUT's CRC-32: generator 0x04C11DB7, most significant bit first, initial value 0, no final inversion, stored big endian.
/// So the checksum of any bytes followed by their checksum is 0.
/// </summary>
internal static class NutChecksum
{
    private const uint Generator = 0x04C11DB7;

    private static readonly uint[] Table = BuildTable();

    public static uint Compute(ReadOnlySpan<byte> bytes) => Update(0, bytes);

    public static uint Update(uint checksum, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            checksum = (checksum << 8) ^ Table[(checksum >> 24) ^ b];
        }

        return checksum;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var remainder = i << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder << 1) ^ ((remainder >> 31) * Generator);
            }

            table[i] = remainder;
        }

        return table;
    }
}
