using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>What a frame code, a frame's first byte, says about the frame.</summary>
internal readonly record struct NutFrameCode(
    NutFrameFlags Flags, int Stream, int SizeMultiplier, int SizeLsb, long PtsDelta, int ReservedCount, int HeaderIndex);

/// <summary>The main header: time bases, the meaning of the frame codes, and bytes that frames leave out.</summary>
/// <param name="StreamCount">Stream headers to come.</param>
/// <param name="TimeBases">Seconds per tick.</param>
/// <param name="FrameCodes">256 entries.</param>
/// <param name="ElisionHeaders">Bytes put before a frame's stored bytes; number 0 is empty.</param>
internal sealed record NutMainHeader(
    int StreamCount, Rational[] TimeBases, NutFrameCode[] FrameCodes, byte[][] ElisionHeaders)
{
    /// <summary>Stands in until a header is read.</summary>
    public static readonly NutMainHeader None = new(0, [], [], []);

    private const int MaxTimeBases = 256;
    private const int MaxElisionHeaders = 127;
    private const int MaxElisionHeaderBytes = 255;
    private const int MaxReserved = 255;

    /// <param name="reader">The packet's body without its checksum. Whatever follows the known fields is ignored, as
    /// NUT demands.</param>
    /// <param name="limits">The number of streams is checked against it.</param>
    public static NutMainHeader Parse(ref NutReader reader, NutLimits limits)
    {
        var version = reader.ReadInt("the version", NutFormat.FinalVersion, NutFormat.FlaggedVersion);
        if (version >= NutFormat.FlaggedVersion)
        {
            reader.ReadUnsigned(); // minor version
        }

        var streamCount = reader.ReadInt("the number of streams", 1, limits.MaxStreams);
        reader.ReadUnsigned(); // largest distance of syncpoints: matters to those who seek
        var timeBases = ReadTimeBases(ref reader);
        var frameCodes = ReadFrameCodes(ref reader, streamCount);
        var elisionHeaders = ReadElisionHeaders(ref reader);
        reader.ThrowIfExhausted("main header");
        return new NutMainHeader(streamCount, timeBases, frameCodes, elisionHeaders);
    }

    private static Rational[] ReadTimeBases(ref NutReader reader)
    {
        var timeBases = new Rational[reader.ReadInt("the number of time bases", 1, MaxTimeBases)];
        for (var i = 0; i < timeBases.Length; i++)
        {
            var numerator = reader.ReadInt("a time base's numerator", 1, int.MaxValue);
            timeBases[i] = new Rational(numerator, reader.ReadInt("a time base's denominator", 1, int.MaxValue));
        }

        return timeBases;
    }

    /// <summary>The table comes as runs: consecutive codes differ only in the low part of the size.</summary>
    private static NutFrameCode[] ReadFrameCodes(ref NutReader reader, int streamCount)
    {
        var codes = new NutFrameCode[NutFormat.FrameCodes];
        codes[NutFormat.StartcodeByte] = new NutFrameCode { Flags = NutFrameFlags.Invalid };
        var run = new NutFrameCode(NutFrameFlags.None, Stream: 0, SizeMultiplier: 1, SizeLsb: 0, PtsDelta: 0, 0, 0);
        var next = 0;
        while (next < codes.Length && !reader.IsExhausted)
        {
            var start = reader.Offset;
            var length = ReadRun(ref reader, ref run, streamCount);
            var room = codes.Length - next - (next <= NutFormat.StartcodeByte ? 1 : 0);
            if (!reader.IsExhausted && (length < 1 || length > room))
            {
                throw new NutFormatException($"{length} frame codes alike; allowed 1 to {room}", start);
            }

            for (var i = 0; i < length && next < codes.Length; next++)
            {
                // A run passes over the startcode's first byte as if it were not there.
                if (next != NutFormat.StartcodeByte)
                {
                    codes[next] = run with { SizeLsb = run.SizeLsb + i++ };
                }
            }
        }

        return codes;
    }

    /// <summary>One run. Fields left out keep their values from the run before, or 0 for sizes and reserved fields.</summary>
    private static long ReadRun(ref NutReader reader, ref NutFrameCode run, int streamCount)
    {
        var flags = (NutFrameFlags)reader.ReadInt("frame flags", 0, (int)NutFrameFlags.Invalid * 2);
        var fields = reader.ReadUnsigned();
        var ptsDelta = fields > 0 ? reader.ReadSigned() : run.PtsDelta;
        var multiplier = fields > 1 ? reader.ReadInt("a frame size's factor", 0, int.MaxValue) : run.SizeMultiplier;
        var stream = fields > 2 ? reader.ReadInt("a frame's stream", 0, streamCount - 1) : run.Stream;
        var sizeLsb = fields > 3 ? reader.ReadInt("a frame size's low part", 0, int.MaxValue / 2) : 0;
        var reserved = fields > 4 ? reader.ReadInt("the number of reserved fields", 0, MaxReserved) : 0;
        var length = fields > 5 ? reader.ReadInt("a run's length", 0, NutFormat.FrameCodes) : (long)multiplier - sizeLsb;
        if (fields > 6)
        {
            reader.ReadSigned(); // match time: matters to those who seek
        }

        var headerIndex = fields > 7
            ? reader.ReadInt("an elision header's number", 0, MaxElisionHeaders)
            : run.HeaderIndex;
        for (var i = 8UL; i < fields && !reader.IsExhausted; i++)
        {
            reader.ReadUnsigned();
        }

        if (ptsDelta is < int.MinValue or > int.MaxValue)
        {
            throw new NutFormatException($"a frame's time step is {ptsDelta} ticks", reader.Offset);
        }

        run = new NutFrameCode(flags, stream, multiplier, sizeLsb, ptsDelta, reserved, headerIndex);
        return length;
    }

    private static byte[][] ReadElisionHeaders(ref NutReader reader)
    {
        var count = reader.Remaining > 0 ? reader.ReadInt("the number of elision headers", 0, MaxElisionHeaders) : 0;
        var headers = new byte[count + 1][];
        headers[0] = [];
        for (var i = 1; i <= count; i++)
        {
            var length = reader.ReadInt("an elision header's length", 1, MaxElisionHeaderBytes);
            headers[i] = reader.ReadBytes((ulong)length).ToArray();
        }

        return headers;
    }
}
