using System.Buffers;
using System.Runtime.CompilerServices;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Nut;

/// <summary>Where a writer puts the places to enter the stream.</summary>
public enum NutSyncpoints
{
    /// <summary>At least every 32 KiB and before keyframes, as NUT version 3 demands: for files and any reader.</summary>
    Periodic,

    /// <summary>
    /// Only at the start, which NUT version 4 allows for pipes. ffmpeg remembers every syncpoint that it reads,
    /// some 200 bytes per raw frame, so its memory grows with the stream unless there is but one.
    /// </summary>
    AtStart,
}

/// <summary>
/// Writes NUT, ffmpeg's own container, into a pipe: never seeks and writes no index. Source: "NUT Open Container Format",
/// versions 3 and 4. One call at a time; after an exception the output is torn and of no use.
/// </summary>
public sealed class NutMuxer
{
    /// <summary>More than any syncpoint and frame header take together.</summary>
    private const int FrameOverhead = 128;

    private readonly Stream _output;
    private readonly NutSyncpoints _syncpoints;
    private readonly NutHeaderWriter _header;
    private readonly NutClock[] _clocks;

    /// <summary>Per stream, the syncpoint before its last keyframe; null before its first.</summary>
    private readonly long?[] _entries;
    private readonly bool[] _lastWasKey;
    private readonly ArrayBufferWriter<byte> _bytes = new(FrameOverhead);
    private readonly ArrayBufferWriter<byte> _body = new(FrameOverhead);
    private long _position;
    private long? _lastSyncpoint;

    /// <param name="output">Written from its current position; stays the caller's.</param>
    /// <param name="streams">At least one. Time bases may be any positive fractions; they are written in lowest terms.</param>
    /// <param name="syncpoints">Where the stream can be entered.</param>
    /// <exception cref="ArgumentException">A stream cannot be written.</exception>
    public NutMuxer(Stream output, IReadOnlyList<NutStream> streams, NutSyncpoints syncpoints = NutSyncpoints.Periodic)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(streams);
        _output = output;
        _syncpoints = syncpoints;
        _header = new NutHeaderWriter([.. streams], syncpoints);
        _clocks = [.. _header.StreamTimeBases.Select(timeBase => new NutClock(timeBase, NutHeaderWriter.LsbBits))];
        _entries = new long?[streams.Count];
        _lastWasKey = new bool[streams.Count];
    }

    /// <summary>Writes everything before the first packet.</summary>
    public async ValueTask WriteHeaderAsync(CancellationToken ct)
    {
        if (_position != 0)
        {
            throw new InvalidOperationException("the header was written before");
        }

        _header.Compose(_bytes);
        await WriteComposedAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Writes one packet, its payload straight from the caller's memory.</summary>
    /// <param name="stream">Index of the stream.</param>
    /// <param name="pts">Presentation time in ticks of the stream's time base, 0 to 2^55 - 1, and below that many ticks of
    /// every other stream's. Across streams packets should come in the order of their times.</param>
    /// <param name="isKey">Whether decoding can start here; true for raw video and nearly all audio.</param>
    /// <param name="payload">May be empty.</param>
    /// <param name="ct">Cancels, and tears the output.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WritePacketAsync(
        int stream, long pts, bool isKey, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)stream, (uint)_clocks.Length, nameof(stream));
        ArgumentOutOfRangeException.ThrowIfNegative(pts);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pts, NutFormat.MaxPts);
        if (_position == 0)
        {
            throw new InvalidOperationException("the header comes first");
        }

        if (NeedsSyncpoint(stream, isKey, payload.Length))
        {
            ComposeSyncpoint(stream, pts);
        }

        ComposeFrameHeader(stream, pts, isKey, payload.Length);
        await WriteComposedAsync(ct).ConfigureAwait(false);
        await _output.WriteAsync(payload, ct).ConfigureAwait(false);
        _position += payload.Length;
    }

    /// <summary>Hands everything to the output. The reader learns of the end when the caller closes it.</summary>
    public async ValueTask FinishAsync(CancellationToken ct) => await _output.FlushAsync(ct).ConfigureAwait(false);

    private bool NeedsSyncpoint(int stream, bool isKey, int payloadBytes)
    {
        if (_lastSyncpoint is not { } last)
        {
            return true;
        }

        return _syncpoints == NutSyncpoints.Periodic
            && ((isKey && !_lastWasKey[stream])
                || _position + FrameOverhead + payloadBytes >= last + NutHeaderWriter.MaxSyncpointDistance);
    }

    /// <summary>A syncpoint says the time, and how far back reading must start to meet a keyframe of every stream.</summary>
    private void ComposeSyncpoint(int stream, long pts)
    {
        var timeBase = _clocks[stream].TimeBase;
        foreach (ref var clock in _clocks.AsSpan())
        {
            if (!clock.TrySet(pts, timeBase))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(pts), pts, $"{pts} ticks of {timeBase} s are too many ticks of {clock.TimeBase} s");
            }
        }

        var entry = _position;
        foreach (var keyed in _entries)
        {
            entry = Math.Min(entry, keyed ?? entry);
        }

        var timeBaseIndex = Array.IndexOf(_header.TimeBases, timeBase);
        _body.ResetWrittenCount();
        _body.WriteUnsigned(((ulong)pts * (ulong)_header.TimeBases.Length) + (ulong)timeBaseIndex);
        _body.WriteUnsigned((ulong)(_position - entry) / 16);
        _bytes.WritePacket(NutFormat.SyncpointStartcode, _body.WrittenSpan);
        _lastSyncpoint = _position;
    }

    private void ComposeFrameHeader(int stream, long pts, bool isKey, int payloadBytes)
    {
        ref var clock = ref _clocks[stream];
        var start = _bytes.WrittenCount;
        _bytes.Write([isKey ? NutHeaderWriter.KeyFrameCode : NutHeaderWriter.OtherFrameCode]);
        _bytes.WriteUnsigned((ulong)stream);
        _bytes.WriteUnsigned(clock.Encode(pts));
        _bytes.WriteUnsigned((ulong)payloadBytes);
        _bytes.WriteChecksum(start);
        clock.LastPts = pts;
        _lastWasKey[stream] = isKey;
        if (isKey)
        {
            _entries[stream] = _lastSyncpoint;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteComposedAsync(CancellationToken ct)
    {
        await _output.WriteAsync(_bytes.WrittenMemory, ct).ConfigureAwait(false);
        _position += _bytes.WrittenCount;
        _bytes.ResetWrittenCount();
    }
}
