using System.Buffers;
using FaceAnonStream.Media.Nut;

namespace FaceAnonStream.Tests.Media.Nut;

/// <summary>
/// NUT streams put together field by field, with the features that no writer at hand uses. Streams: 0 is video in 1/25 s,
/// 1 is audio in 1/1000 s.
/// </summary>
internal sealed class NutSample
{
    public const byte PlainCode = 1;
    public const byte CodedCode = 2;
    public const byte ElidedCode = 3;
    public const byte SplitSizeCode = 10;
    public const int SplitSizeFactor = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public NutSample(int version = 3)
    {
        _bytes.Write("nut/multimedia container\0"u8);
        Packet(NutFormat.MainStartcode, MainBody(version));
        Packet(NutFormat.StreamStartcode, VideoBody());
        Packet(NutFormat.StreamStartcode, AudioBody());
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public NutSample Packet(ulong startcode, byte[] body)
    {
        _bytes.WritePacket(startcode, body);
        return this;
    }

    public NutSample Raw(params byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    /// <param name="ticks">Of the time base with this index.</param>
    /// <param name="timeBase">0 for 1/25 s, 1 for 1/1000 s.</param>
    public NutSample Syncpoint(ulong ticks = 0, ulong timeBase = 0) => Packet(NutFormat.SyncpointStartcode, NutKit.Bytes(w =>
    {
        w.WriteUnsigned((ticks * 2) + timeBase);
        w.WriteUnsigned(0);
    }));

    /// <summary>A frame of which every field is given; fields without their flag are not written.</summary>
    public NutSample Frame(
        NutFrameFlags flags,
        ulong stream = 0,
        ulong codedPts = 0,
        ulong sizeMsb = 0,
        ulong headerIndex = 0,
        byte[]? stored = null)
    {
        var start = _bytes.WrittenCount;
        Raw(CodedCode);
        _bytes.WriteUnsigned((ulong)flags); // the table has only the flag that says so
        WriteIf(NutFrameFlags.StreamId, stream);
        WriteIf(NutFrameFlags.CodedPts, codedPts);
        WriteIf(NutFrameFlags.SizeMsb, sizeMsb);
        WriteIf(NutFrameFlags.MatchTime, 7);
        WriteIf(NutFrameFlags.HeaderIndex, headerIndex);
        WriteIf(NutFrameFlags.Reserved, 2);
        WriteIf(NutFrameFlags.Reserved, 300);
        WriteIf(NutFrameFlags.Reserved, 1);
        if (flags.Has(NutFrameFlags.Checksum))
        {
            _bytes.WriteChecksum(start);
        }

        return Raw(stored ?? []);

        void WriteIf(NutFrameFlags flag, ulong value)
        {
            if (flags.Has(flag))
            {
                _bytes.WriteUnsigned(value);
            }
        }
    }

    public static byte[] MainBody(int version = 3, ulong streams = 2) => NutKit.Bytes(w =>
    {
        w.WriteUnsigned((ulong)version);
        if (version > 3)
        {
            w.WriteUnsigned(0);
        }

        w.WriteUnsigned(streams);
        w.WriteUnsigned(32768);
        w.WriteUnsigned(2);
        foreach (var value in (ulong[])[1, 25, 1, 1000])
        {
            w.WriteUnsigned(value);
        }

        Run(w, NutFrameFlags.Invalid, 0, 1, 0, 0, 0, 1);
        Run(w, NutFrameFlags.Key | NutFrameFlags.SizeMsb, 1, 1, 0, 0, 0, 1);
        Run(w, NutFrameFlags.Coded, 1, 1, 0, 0, 0, 1);
        Run(w, NutFrameFlags.Key | NutFrameFlags.SizeMsb, 2, 1, 1, 0, 0, 1, 0, 1);
        Run(w, NutFrameFlags.Invalid, 0, 1, 0, 0, 0, SplitSizeCode - 4, 0, 0);
        Run(w, NutFrameFlags.SizeMsb, -1, SplitSizeFactor, 0, 0); // as long as the factor: 10 to 14
        Run(w, NutFrameFlags.Invalid, 0, 1, 0, 0, 0, 255 - SplitSizeCode - SplitSizeFactor);
        w.WriteUnsigned(2);
        w.WriteBlock([0xFF, 0xFB]);
        w.WriteBlock([1, 2, 3]);
        w.WriteUnsigned(0); // the flags of version 4, a reserved field of version 3
    });

    public static byte[] VideoBody(ulong width = 64) => NutKit.Bytes(w =>
    {
        foreach (var value in (ulong[])[0, 0])
        {
            w.WriteUnsigned(value);
        }

        w.WriteBlock("I420"u8);
        foreach (var value in (ulong[])[0, 7, 25, 1, 0, 0, width, 48, 4, 3, 0])
        {
            w.WriteUnsigned(value);
        }
    });

    public static byte[] AudioBody() => NutKit.Bytes(w =>
    {
        w.WriteUnsigned(1);
        w.WriteUnsigned(1);
        w.WriteBlock([0xFF, 0]);
        foreach (var value in (ulong[])[1, 7, 1000, 0, 0])
        {
            w.WriteUnsigned(value);
        }

        w.WriteBlock([0x12, 0x10]);
        foreach (var value in (ulong[])[44100, 1, 2, 99])
        {
            w.WriteUnsigned(value); // the last is a field of some later version
        }
    });

    private static void Run(ArrayBufferWriter<byte> writer, NutFrameFlags flags, long ptsDelta, params ulong[] fields)
    {
        writer.WriteUnsigned((ulong)flags);
        writer.WriteUnsigned((ulong)fields.Length + 1);
        writer.WriteSigned(ptsDelta);
        foreach (var field in fields)
        {
            writer.WriteUnsigned(field);
        }
    }
}
