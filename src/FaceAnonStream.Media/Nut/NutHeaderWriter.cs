using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>Composes what a NUT stream starts with.</summary>
internal sealed class NutHeaderWriter
{
    public const int MaxSyncpointDistance = 32768;
    public const int LsbBits = 14;

    /// <summary>Frame codes: every frame states everything, with a checksum. It costs some ten bytes.</summary>
    public const byte KeyFrameCode = 1;
    public const byte OtherFrameCode = 2;

    private const NutFrameFlags FrameFields =
        NutFrameFlags.StreamId | NutFrameFlags.CodedPts | NutFrameFlags.SizeMsb | NutFrameFlags.Checksum;

    private readonly IReadOnlyList<NutStream> _streams;
    private readonly NutSyncpoints _syncpoints;
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <exception cref="ArgumentException">A stream cannot be written.</exception>
    public NutHeaderWriter(IReadOnlyList<NutStream> streams, NutSyncpoints syncpoints)
    {
        ArgumentOutOfRangeException.ThrowIfZero(streams.Count, nameof(streams));
        foreach (var stream in streams)
        {
            ThrowIfUnwritable(stream);
        }

        _streams = streams;
        _syncpoints = syncpoints;
        StreamTimeBases = [.. streams.Select(stream => Reduce(stream.TimeBase))];
        TimeBases = [.. StreamTimeBases.Distinct()];
    }

    /// <summary>In lowest terms, one per stream.</summary>
    public Rational[] StreamTimeBases { get; }

    /// <summary>In lowest terms, each once, in the order of the main header.</summary>
    public Rational[] TimeBases { get; }

    public void Compose(ArrayBufferWriter<byte> output)
    {
        output.Write(NutFormat.FileId);
        ComposeMain();
        EndPacket(output, NutFormat.MainStartcode);
        for (var i = 0; i < _streams.Count; i++)
        {
            ComposeStream(i);
            EndPacket(output, NutFormat.StreamStartcode);
        }

        for (var i = 0; i < _streams.Count; i++)
        {
            if (_streams[i].FrameRate.IsPositive)
            {
                ComposeFrameRate(i);
                EndPacket(output, NutFormat.InfoStartcode);
            }
        }
    }

    private static Rational Reduce(Rational value)
    {
        var divisor = (int)BigInteger.GreatestCommonDivisor(value.Numerator, value.Denominator);
        return new Rational(value.Numerator / divisor, value.Denominator / divisor);
    }

    private static void ThrowIfUnwritable(NutStream stream)
    {
        var wrong = stream switch
        {
            { TimeBase.IsPositive: false } => $"the time base is {stream.TimeBase}",
            { DecodeDelay: not 0 } => "its packets are out of presentation order",
            { Class: NutStreamClass.Video } when stream.Width < 1 || stream.Height < 1 =>
                $"its pictures are {stream.Width}x{stream.Height}",
            { Class: NutStreamClass.Audio } when stream.SampleRate < 1 || stream.Channels < 1 =>
                $"it has {stream.Channels} channels at {stream.SampleRate} Hz",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException($"NUT cannot hold this {stream.Class} stream: {wrong}", nameof(stream));
        }
    }

    private void EndPacket(ArrayBufferWriter<byte> output, ulong startcode)
    {
        output.WritePacket(startcode, _body.WrittenSpan);
        _body.ResetWrittenCount();
    }

    private void ComposeMain()
    {
        var isPipe = _syncpoints == NutSyncpoints.AtStart;
        _body.WriteUnsigned((ulong)(isPipe ? NutFormat.FlaggedVersion : NutFormat.FinalVersion));
        if (isPipe)
        {
            _body.WriteUnsigned(1); // minor version
        }

        _body.WriteUnsigned((ulong)_streams.Count);
        _body.WriteUnsigned(MaxSyncpointDistance);
        _body.WriteUnsigned((ulong)TimeBases.Length);
        foreach (var timeBase in TimeBases)
        {
            _body.WriteUnsigned((ulong)timeBase.Numerator);
            _body.WriteUnsigned((ulong)timeBase.Denominator);
        }

        // 255 codes to define: the startcode's first byte is not one.
        ComposeFrameCodes(NutFrameFlags.Invalid, count: 1);
        ComposeFrameCodes(FrameFields | NutFrameFlags.Key, count: 1);
        ComposeFrameCodes(FrameFields, count: 1);
        ComposeFrameCodes(NutFrameFlags.Invalid, count: NutFormat.FrameCodes - 1 - 3);
        _body.WriteUnsigned(0); // elision headers
        if (isPipe)
        {
            _body.WriteUnsigned(NutFormat.PipeFlag);
        }
    }

    private void ComposeFrameCodes(NutFrameFlags flags, int count)
    {
        _body.WriteUnsigned((ulong)flags);
        _body.WriteUnsigned(6); // fields that follow
        _body.WriteSigned(0); // time step
        _body.WriteUnsigned(1); // size factor
        _body.WriteUnsigned(0); // stream
        _body.WriteUnsigned(0); // size, low part
        _body.WriteUnsigned(0); // reserved fields
        _body.WriteUnsigned((ulong)count);
    }

    private void ComposeStream(int index)
    {
        var stream = _streams[index];
        var timeBase = StreamTimeBases[index];
        _body.WriteUnsigned((ulong)index);
        _body.WriteUnsigned((ulong)stream.Class);
        Span<byte> fourCc = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(fourCc, stream.FourCc);
        _body.WriteBlock(fourCc);
        _body.WriteUnsigned((ulong)Array.IndexOf(TimeBases, timeBase));
        _body.WriteUnsigned(LsbBits);
        _body.WriteUnsigned((ulong)(Math.Max(timeBase.Denominator, timeBase.Numerator) / timeBase.Numerator));
        _body.WriteUnsigned(0); // decode delay
        _body.WriteUnsigned(0); // flags
        _body.WriteBlock(stream.CodecPrivate.Span);
        if (stream.Class == NutStreamClass.Video)
        {
            var aspect = stream.SampleAspectRatio.IsPositive ? stream.SampleAspectRatio : default;
            _body.WriteUnsigned((ulong)stream.Width);
            _body.WriteUnsigned((ulong)stream.Height);
            _body.WriteUnsigned((ulong)aspect.Numerator);
            _body.WriteUnsigned((ulong)aspect.Denominator);
            _body.WriteUnsigned(0); // colour space: ffmpeg does not read it
        }
        else if (stream.Class == NutStreamClass.Audio)
        {
            _body.WriteUnsigned((ulong)stream.SampleRate);
            _body.WriteUnsigned(1);
            _body.WriteUnsigned((ulong)stream.Channels);
        }
    }

    private void ComposeFrameRate(int index)
    {
        _body.WriteUnsigned((ulong)index + 1);
        _body.WriteUnsigned(0); // chapter
        _body.WriteUnsigned(0); // its start
        _body.WriteUnsigned(0); // its length
        _body.WriteUnsigned(1); // values that follow
        _body.WriteBlock("r_frame_rate"u8);
        _body.WriteSigned(-1); // type: text
        _body.WriteBlock(System.Text.Encoding.ASCII.GetBytes(_streams[index].FrameRate.ToString()));
    }
}
