using System.Buffers.Binary;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>A stream header: the public description and what reading the stream's frames takes.</summary>
/// <param name="Index">The stream's number.</param>
/// <param name="Stream">The public description.</param>
/// <param name="LsbBits">How many low bits of a timestamp the short form stores.</param>
/// <param name="MaxPtsDistance">Frames with a larger step in time, in ticks, must carry a checksum.</param>
internal sealed record NutStreamHeader(int Index, NutStream Stream, int LsbBits, ulong MaxPtsDistance)
{
    private const int MaxLsbBits = 15;
    private const int MaxDecodeDelay = 999;

    /// <param name="reader">The packet's body without its checksum.</param>
    /// <param name="main">Gives the time bases.</param>
    public static NutStreamHeader Parse(ref NutReader reader, NutMainHeader main)
    {
        var index = reader.ReadInt("a stream's number", 0, main.StreamCount - 1);
        var streamClass = (NutStreamClass)reader.ReadInt("a stream's class", 0, (int)NutStreamClass.Data);
        var fourCc = ReadFourCc(ref reader);
        var timeBase = main.TimeBases[reader.ReadInt("a time base's number", 0, main.TimeBases.Length - 1)];
        var lsbBits = reader.ReadInt("the bits of short timestamps", 0, MaxLsbBits);
        var maxPtsDistance = reader.ReadUnsigned();
        var decodeDelay = reader.ReadInt("the decode delay", 0, MaxDecodeDelay);
        reader.ReadUnsigned(); // flags: whether the frame rate is fixed
        var stream = new NutStream(streamClass, fourCc, timeBase)
        {
            DecodeDelay = decodeDelay,
            CodecPrivate = reader.ReadBlock().ToArray(),
        };
        stream = streamClass switch
        {
            NutStreamClass.Video => ReadVideo(ref reader, stream),
            NutStreamClass.Audio => ReadAudio(ref reader, stream),
            _ => stream,
        };
        reader.ThrowIfExhausted("stream header");
        return new NutStreamHeader(index, stream, lsbBits, maxPtsDistance);
    }

    private static uint ReadFourCc(ref NutReader reader)
    {
        var start = reader.Offset;
        var bytes = reader.ReadBlock();
        return bytes.Length switch
        {
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            _ when reader.IsExhausted => 0,
            _ => throw new NutFormatException($"a codec tag has {bytes.Length} bytes; allowed 2 or 4", start),
        };
    }

    private static NutStream ReadVideo(ref NutReader reader, NutStream stream)
    {
        var width = reader.ReadInt("the width", 1, int.MaxValue);
        var height = reader.ReadInt("the height", 1, int.MaxValue);
        var start = reader.Offset;
        var aspect = new Rational(
            reader.ReadInt("the sample aspect ratio's numerator", 0, int.MaxValue),
            reader.ReadInt("the sample aspect ratio's denominator", 0, int.MaxValue));
        reader.ReadUnsigned(); // colour space: ffmpeg neither writes nor reads it
        if ((aspect.Numerator == 0) != (aspect.Denominator == 0) && !reader.IsExhausted)
        {
            throw new NutFormatException($"the sample aspect ratio is {aspect}", start);
        }

        return stream with { Width = width, Height = height, SampleAspectRatio = aspect };
    }

    private static NutStream ReadAudio(ref NutReader reader, NutStream stream)
    {
        var rate = reader.ReadInt("the sample rate", 1, int.MaxValue);
        reader.ReadInt("the sample rate's denominator", 1, 1);
        return stream with { SampleRate = rate, Channels = reader.ReadInt("the number of channels", 1, 65535) };
    }
}
