using System.Buffers.Binary;

namespace FaceAnonStream.Media.Nut;

/// <summary>
/// Reads NUT's primitive types from bytes in memory. Running out of bytes is remembered instead of thrown: every further
/// read gives zero, and the caller asks <see cref="IsExhausted"/> once, at the end.
/// </summary>
/// <param name="bytes">What is there.</param>
/// <param name="origin">Stream offset of the first byte, for error messages.</param>
internal ref struct NutReader(ReadOnlySpan<byte> bytes, long origin)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Consumed { get; private set; }

    public bool IsExhausted { get; private set; }

    public readonly long Offset => origin + Consumed;

    public readonly int Remaining => _bytes.Length - Consumed;

    /// <summary>Type v: seven bits per byte, most significant first, the top bit set on all but the last byte.</summary>
    public ulong ReadUnsigned()
    {
        var value = 0UL;
        for (var i = Consumed; i < _bytes.Length && !IsExhausted; i++)
        {
            // Also ends runs of leading zero groups: no value needs more than ten bytes.
            if (value >> 57 != 0 || i - Consumed == 10)
            {
                throw new NutFormatException("a number has more than 64 bits", Offset);
            }

            value = (value << 7) | (_bytes[i] & 0x7Fu);
            if (_bytes[i] < 0x80)
            {
                Consumed = i + 1;
                return value;
            }
        }

        IsExhausted = true;
        return 0;
    }

    /// <summary>Type s: 0, 1, -1, 2, -2 … are stored as 0, 1, 2, 3, 4 …</summary>
    public long ReadSigned()
    {
        var stored = ReadUnsigned();
        var magnitude = (long)((stored >> 1) + (stored & 1));
        return (stored & 1) != 0 ? magnitude : -magnitude;
    }

    /// <summary>A number of type v that must lie in a range.</summary>
    public int ReadInt(string name, int min, int max)
    {
        var start = Offset;
        var value = ReadUnsigned();
        if (IsExhausted)
        {
            return min;
        }

        if (value < (ulong)min || value > (ulong)max)
        {
            throw new NutFormatException($"{name} is {value}; allowed {min} to {max}", start);
        }

        return (int)value;
    }

    public ulong ReadUInt64() => ReadBytes(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>Type vb: a length and as many bytes.</summary>
    public ReadOnlySpan<byte> ReadBlock() => ReadBytes(ReadUnsigned());

    public ReadOnlySpan<byte> ReadBytes(ulong length)
    {
        if (IsExhausted || length > (ulong)Remaining)
        {
            IsExhausted = true;
            return [];
        }

        var bytes = _bytes.Slice(Consumed, (int)length);
        Consumed += bytes.Length;
        return bytes;
    }

    /// <exception cref="NutFormatException">A complete structure was too short for its own content.</exception>
    public readonly void ThrowIfExhausted(string structure)
    {
        if (IsExhausted)
        {
            throw new NutFormatException($"the {structure} is shorter than its content", Offset);
        }
    }
}
