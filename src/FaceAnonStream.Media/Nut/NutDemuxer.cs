using System.Runtime.CompilerServices;

namespace FaceAnonStream.Media.Nut;

/// <summary>
/// Reads NUT, ffmpeg's own container, from a pipe: never seeks, and takes anything broken for an error instead of looking
/// for a place to go on. Source: "NUT Open Container Format", versions 3 and 4.
/// </summary>
/// <remarks>
/// Use: <see cref="ReadHeaderAsync"/> once; then <see cref="ReadPacketAsync"/>, each followed by
/// <see cref="ReadPayloadAsync"/> or <see cref="SkipPayloadAsync"/>; one call at a time. After any exception, cancellation
/// included, the reader is at no known place and every call throws <see cref="InvalidOperationException"/>. Memory is
/// bounded by <see cref="NutLimits"/>, and no packet allocates. NUT has no checksum over payloads.
/// </remarks>
public sealed class NutDemuxer
{
    private const int MaxSyncpointBytes = 1024;

    private readonly NutInput _input;
    private readonly NutPacketInput _packets;
    private readonly NutLimits _limits;
    private readonly List<byte[]> _headerBodies = [];
    private State _state = State.Start;
    private NutMainHeader _main = NutMainHeader.None;
    private NutStreamHeader[] _streams = [];
    private NutClock[] _clocks = [];
    private NutFrameHeader _frame;
    private bool _frameMustFollow;

    /// <param name="input">Read from its current position; stays the caller's.</param>
    /// <param name="limits">What a hostile peer may make us do; null for the defaults.</param>
    public NutDemuxer(Stream input, NutLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = new NutInput(input);
        _limits = limits ?? new NutLimits();
        _packets = new NutPacketInput(_input, _limits);
    }

    private enum State
    {
        Start,
        BeforePacket,
        BeforePayload,
        Lost,
    }

    /// <summary>Reads up to and including the last stream header.</summary>
    /// <exception cref="NutFormatException">Not NUT, broken, or beyond the limits.</exception>
    public async ValueTask<NutHeader> ReadHeaderAsync(CancellationToken ct)
    {
        Enter(State.Start);
        await ReadFileIdAsync(ct).ConfigureAwait(false);
        var mainBody = await ReadHeaderBodyAsync(NutFormat.MainStartcode, ct).ConfigureAwait(false);
        _main = ParseMain(mainBody);
        var streams = new NutStreamHeader?[_main.StreamCount];
        for (var seen = 0; seen < streams.Length; seen++)
        {
            var body = await ReadHeaderBodyAsync(NutFormat.StreamStartcode, ct).ConfigureAwait(false);
            var stream = ParseStream(body);
            if (streams[stream.Index] is not null)
            {
                throw new NutFormatException($"two headers of stream {stream.Index}", _input.Position);
            }

            streams[stream.Index] = stream;
        }

        _streams = streams!;
        _clocks = [.. _streams.Select(s => new NutClock(s.Stream.TimeBase, s.LsbBits))];
        _state = State.BeforePacket;
        return new NutHeader([.. _streams.Select(s => s.Stream)]);
    }

    /// <summary>The next frame's description, or null where the stream ends in good order.</summary>
    /// <exception cref="NutFormatException">Broken or beyond the limits.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<NutPacket?> ReadPacketAsync(CancellationToken ct)
    {
        Enter(State.BeforePacket);
        while (!_input.Buffered.IsEmpty || await _input.TryFillAsync(ct).ConfigureAwait(false))
        {
            if (_input.Buffered[0] == NutFormat.StartcodeByte)
            {
                await PassPacketAsync(ct).ConfigureAwait(false);
                continue;
            }

            while (!NutFrameHeader.TryParse(_input.Buffered, _input.Position, _main, _limits, out _frame))
            {
                await _input.FillAsync(ct).ConfigureAwait(false);
            }

            var packet = AcceptFrame();
            _state = State.BeforePayload;
            return packet;
        }

        if (_frameMustFollow)
        {
            throw NutFormatException.Truncated(_input.Position);
        }

        _state = State.BeforePacket;
        return null;
    }

    /// <summary>Reads the payload of the packet last returned, large ones without an intermediate copy.</summary>
    /// <param name="destination">Exactly <see cref="NutPacket.Size"/> bytes.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="NutFormatException">The stream ended inside the payload.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadPayloadAsync(Memory<byte> destination, CancellationToken ct)
    {
        Enter(State.BeforePayload);
        if (destination.Length != _frame.PayloadBytes)
        {
            throw new ArgumentException(
                $"{destination.Length} bytes for a payload of {_frame.PayloadBytes}", nameof(destination));
        }

        var elided = _main.ElisionHeaders[_frame.ElisionHeader];
        elided.CopyTo(destination);
        await _input.ReadAsync(destination[elided.Length..], ct).ConfigureAwait(false);
        _state = State.BeforePacket;
    }

    /// <summary>Passes over the payload of the packet last returned.</summary>
    /// <exception cref="NutFormatException">The stream ended inside the payload.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SkipPayloadAsync(CancellationToken ct)
    {
        Enter(State.BeforePayload);
        var elided = _main.ElisionHeaders[_frame.ElisionHeader].Length;
        await _input.SkipAsync(_frame.PayloadBytes - elided, ct).ConfigureAwait(false);
        _state = State.BeforePacket;
    }

    /// <summary>Whoever does not get to the end of a call leaves the reader lost.</summary>
    private void Enter(State expected)
    {
        if (_state != expected)
        {
            throw new InvalidOperationException($"called in state {_state}, allowed in {expected}");
        }

        _state = State.Lost;
    }

    private async ValueTask ReadFileIdAsync(CancellationToken ct)
    {
        while (_input.Buffered.Length < NutFormat.FileId.Length)
        {
            if (!NutFormat.FileId.StartsWith(_input.Buffered))
            {
                break;
            }

            await _input.FillAsync(ct).ConfigureAwait(false);
        }

        if (!_input.Buffered.StartsWith(NutFormat.FileId))
        {
            throw new NutFormatException("not a NUT stream", _input.Position);
        }

        _input.Advance(NutFormat.FileId.Length);
    }

    /// <summary>The next packet's body, which must be of one type; unknown packets before it are passed over.</summary>
    private async ValueTask<byte[]> ReadHeaderBodyAsync(ulong startcode, CancellationToken ct)
    {
        while (true)
        {
            var head = await _packets.ReadHeadAsync(ct).ConfigureAwait(false);
            if (head.Startcode == startcode)
            {
                var body = await _packets.ReadBodyAsync(head, ct).ConfigureAwait(false);
                _headerBodies.Add(body);
                return body;
            }

            if (head.Startcode is NutFormat.MainStartcode or NutFormat.StreamStartcode or NutFormat.SyncpointStartcode)
            {
                throw new NutFormatException("a header is missing", _input.Position);
            }

            await _packets.PassBodyAsync(head, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Handles a packet between frames.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask PassPacketAsync(CancellationToken ct)
    {
        var head = await _packets.ReadHeadAsync(ct).ConfigureAwait(false);
        switch (head.Startcode)
        {
            case NutFormat.SyncpointStartcode:
                await _packets.BufferBodyAsync(head, MaxSyncpointBytes, ct).ConfigureAwait(false);
                AcceptSyncpoint((int)head.BodyBytes);
                break;

            // Writers repeat the headers at growing distances, for readers that seek.
            case NutFormat.MainStartcode or NutFormat.StreamStartcode:
                AcceptRepeatedHeader(await _packets.ReadBodyAsync(head, ct).ConfigureAwait(false));
                break;
            default:
                await _packets.PassBodyAsync(head, ct).ConfigureAwait(false);
                break;
        }
    }

    private NutMainHeader ParseMain(byte[] body)
    {
        var reader = new NutReader(body.AsSpan(..^NutFormat.ChecksumBytes), _input.Position - body.Length);
        return NutMainHeader.Parse(ref reader, _limits);
    }

    private NutStreamHeader ParseStream(byte[] body)
    {
        var reader = new NutReader(body.AsSpan(..^NutFormat.ChecksumBytes), _input.Position - body.Length);
        return NutStreamHeader.Parse(ref reader, _main);
    }

    private void AcceptRepeatedHeader(byte[] body)
    {
        if (!_headerBodies.Exists(known => known.AsSpan().SequenceEqual(body)))
        {
            throw new NutFormatException("a repeated header differs from the first", _input.Position);
        }
    }

    private void AcceptSyncpoint(int bodyBytes)
    {
        var start = _input.Position;
        var reader = new NutReader(_input.Buffered[..(bodyBytes - NutFormat.ChecksumBytes)], start);
        var coded = reader.ReadUnsigned();
        reader.ReadUnsigned(); // way back to an earlier syncpoint: matters to those who seek
        reader.ThrowIfExhausted("syncpoint");
        var (ticks, index) = Math.DivRem(coded, (ulong)_main.TimeBases.Length);
        var timeBase = _main.TimeBases[(int)index];
        foreach (ref var clock in _clocks.AsSpan())
        {
            if (ticks > NutFormat.MaxPts || !clock.TrySet((long)ticks, timeBase))
            {
                throw new NutFormatException($"a syncpoint at {ticks} ticks of {timeBase} s", start);
            }
        }

        _input.Advance(bodyBytes);
        _frameMustFollow = true;
    }

    private NutPacket AcceptFrame()
    {
        ref var clock = ref _clocks[_frame.Stream];
        var start = _input.Position;
        var pts = _frame.Flags.Has(NutFrameFlags.CodedPts)
            ? clock.Decode(_frame.CodedPts)
            : clock.LastPts + _frame.PtsDelta;
        if (pts is not (>= 0 and <= NutFormat.MaxPts))
        {
            throw new NutFormatException("a frame's timestamp is out of range", start);
        }

        var step = (ulong)Math.Abs(pts.Value - clock.LastPts);
        if (step > _streams[_frame.Stream].MaxPtsDistance && !_frame.Flags.Has(NutFrameFlags.Checksum))
        {
            throw new NutFormatException($"a step of {step} ticks in time without a checksum", start);
        }

        clock.LastPts = pts.Value;
        _input.Advance(_frame.HeaderBytes);
        _frameMustFollow = false;
        return new NutPacket(
            _frame.Stream, pts.Value, _frame.Flags.Has(NutFrameFlags.Key), _frame.PayloadBytes);
    }
}
