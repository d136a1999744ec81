namespace FaceAnonStream.Media.Nut;

/// <summary>A frame's header, side data included, in front of the stored payload.</summary>
/// <param name="Stream">The stream's number, in range.</param>
/// <param name="Flags">What the header held.</param>
/// <param name="CodedPts">See <see cref="NutClock.Decode"/>; only with <see cref="NutFrameFlags.CodedPts"/>.</param>
/// <param name="PtsDelta">Ticks since the stream's previous frame; only without it.</param>
/// <param name="ElisionHeader">Number of the elision header that starts the payload.</param>
/// <param name="PayloadBytes">Payload, elision header included.</param>
/// <param name="HeaderBytes">Bytes from the frame code to the stored payload.</param>
internal readonly record struct NutFrameHeader(
    int Stream,
    NutFrameFlags Flags,
    ulong CodedPts,
    long PtsDelta,
    int ElisionHeader,
    int PayloadBytes,
    int HeaderBytes)
{
    /// <summary>The longest header, side data included. A reader's buffer must hold it.</summary>
    public const int MaxBytes = 1 << 15;

    private const ulong MaxReserved = 255;

    /// <summary>Parses a header from the start of <paramref name="bytes"/>.</summary>
    /// <returns>False when <paramref name="bytes"/> do not hold all of it yet.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, long offset, NutMainHeader main, NutLimits limits, out NutFrameHeader header)
    {
        header = default;
        var reader = new NutReader(bytes, offset);
        var fields = ReadFields(ref reader, main);
        if (reader.IsExhausted)
        {
            ThrowIfTooLong(bytes.Length, offset);
            return false;
        }

        if (fields.Flags.Has(NutFrameFlags.Checksum) && NutChecksum.Compute(bytes[..reader.Consumed]) != 0)
        {
            throw new NutFormatException("a frame header's checksum is wrong", offset);
        }

        fields.ThrowIfOutside(offset, main, limits);
        var headerIndex = fields.Size > NutFormat.MaxElidedFrame ? 0 : (int)fields.HeaderIndex;
        var elided = main.ElisionHeaders[headerIndex].Length;
        if (fields.Size < (ulong)elided)
        {
            throw new NutFormatException($"a frame of {fields.Size} bytes is shorter than its elision header", offset);
        }

        var stored = (int)fields.Size - elided;
        var sideBytes = 0;
        if (fields.Flags.Has(NutFrameFlags.SideData)
            && !TryMeasureSideData(bytes[reader.Consumed..], reader.Offset, stored, out sideBytes))
        {
            ThrowIfTooLong(bytes.Length, offset);
            return false;
        }

        header = new NutFrameHeader(
            (int)fields.Stream,
            fields.Flags,
            fields.CodedPts,
            fields.PtsDelta,
            headerIndex,
            (int)fields.Size - sideBytes,
            reader.Consumed + sideBytes);
        return true;
    }

    /// <summary>Reads a frame header field by field; values are judged later, when all of them are known to be there.</summary>
    private static Fields ReadFields(ref NutReader reader, NutMainHeader main)
    {
        var code = main.FrameCodes[reader.ReadBytes(1) is [var first] ? first : 0];
        var flags = code.Flags;
        if (flags.Has(NutFrameFlags.Coded))
        {
            flags ^= (NutFrameFlags)(reader.ReadUnsigned() & int.MaxValue);
        }

        var stream = flags.Has(NutFrameFlags.StreamId) ? reader.ReadUnsigned() : (ulong)code.Stream;
        var codedPts = flags.Has(NutFrameFlags.CodedPts) ? reader.ReadUnsigned() : 0;
        var sizeMsb = flags.Has(NutFrameFlags.SizeMsb) ? reader.ReadUnsigned() : 0;
        if (flags.Has(NutFrameFlags.MatchTime))
        {
            reader.ReadSigned();
        }

        var headerIndex = flags.Has(NutFrameFlags.HeaderIndex) ? reader.ReadUnsigned() : (ulong)code.HeaderIndex;
        var reserved = flags.Has(NutFrameFlags.Reserved) ? reader.ReadUnsigned() : (ulong)code.ReservedCount;
        for (var i = 0UL; i < reserved && reserved <= MaxReserved; i++)
        {
            reader.ReadUnsigned();
        }

        if (flags.Has(NutFrameFlags.Checksum))
        {
            reader.ReadBytes(NutFormat.ChecksumBytes);
        }

        // Saturates: a size that large is over any limit.
        var size = sizeMsb > int.MaxValue ? ulong.MaxValue : (sizeMsb * (ulong)code.SizeMultiplier) + (ulong)code.SizeLsb;
        return new Fields(flags, stream, codedPts, code.PtsDelta, size, headerIndex, reserved);
    }

    /// <summary>
    /// Side data and metadata: two lists of named values between header and payload. Nothing here needs them, so they
    /// are only measured.
    /// </summary>
    private static bool TryMeasureSideData(ReadOnlySpan<byte> bytes, long offset, int stored, out int length)
    {
        var reader = new NutReader(bytes[..Math.Min(bytes.Length, stored)], offset);
        for (var list = 0; list < 2; list++)
        {
            var count = reader.ReadUnsigned();
            for (var i = 0UL; i < count && !reader.IsExhausted; i++)
            {
                SkipNamedValue(ref reader);
            }
        }

        length = reader.Consumed;
        if (reader.IsExhausted && bytes.Length >= stored)
        {
            throw new NutFormatException("side data runs beyond its frame", offset);
        }

        return !reader.IsExhausted;
    }

    private static void SkipNamedValue(ref NutReader reader)
    {
        reader.ReadBlock();
        switch (reader.ReadSigned())
        {
            case -1: // text
                reader.ReadBlock();
                break;
            case -2: // a type's name, then bytes
                reader.ReadBlock();
                reader.ReadBlock();
                break;
            case -4: // a time
                reader.ReadUnsigned();
                break;
            case < 0: // a signed number, or a fraction's numerator
                reader.ReadSigned();
                break;
            default: // the value itself
                break;
        }
    }

    private static void ThrowIfTooLong(int available, long offset)
    {
        if (available >= MaxBytes)
        {
            throw new NutFormatException($"a frame header is longer than {MaxBytes} bytes", offset);
        }
    }

    private readonly record struct Fields(
        NutFrameFlags Flags,
        ulong Stream,
        ulong CodedPts,
        long PtsDelta,
        ulong Size,
        ulong HeaderIndex,
        ulong Reserved)
    {
        public void ThrowIfOutside(long offset, NutMainHeader main, NutLimits limits)
        {
            var wrong = this switch
            {
                _ when Flags.Has(NutFrameFlags.Invalid) => "an invalid frame code",
                _ when Reserved > MaxReserved => $"a frame with {Reserved} reserved fields; allowed 0 to {MaxReserved}",
                _ when Stream >= (ulong)main.StreamCount => $"a frame of stream {Stream}; there are {main.StreamCount}",
                _ when HeaderIndex >= (ulong)main.ElisionHeaders.Length =>
                    $"elision header {HeaderIndex}; there are {main.ElisionHeaders.Length}",
                _ when Size > (ulong)limits.MaxPayloadBytes =>
                    $"a frame of {Size} bytes; allowed 0 to {limits.MaxPayloadBytes}",
                _ => null,
            };
            if (wrong is not null)
            {
                throw new NutFormatException(wrong, offset);
            }
        }
    }
}
