using System.Buffers;
using FaceAnonStream.Frames;
using FaceAnonStream.Media.Nut;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Nut;

/// <summary>Damaged and hostile streams give packets or a <see cref="NutFormatException"/>, at bounded cost.</summary>
public sealed class NutHostileTests
{
    private const int MaxAllocatedBytes = 1 << 18;

    private static readonly NutLimits Limits = new()
    {
        MaxHeaderBytes = 8192,
        MaxIndexBytes = 8192,
        MaxStreams = 8,
        MaxPayloadBytes = 1 << 16,
    };

    [Fact]
    public async Task Read_TruncatedAnywhere_GivesTheWholePacketsAndSaysSo()
    {
        var pieces = Enumerable.Range(0, 12).Select(i => new NutPiece(i % 2, i, i % 3 == 0, NutKit.Noise(i * 7, i))).ToArray();
        var bytes = await NutKit.WriteAllAsync(Streams(), pieces);
        var ends = 0;
        for (var length = 0; length < bytes.Length; length++)
        {
            var (count, error) = await ReadAsync(bytes[..length]);
            (error is null or { IsTruncation: true }).ShouldBeTrue($"{length} bytes: {error?.Message}");
            ends += error is null ? 1 : 0;
            count.ShouldBeLessThan(pieces.Length);
        }

        // In good order the stream ends only behind the header and behind each packet but the last.
        ends.ShouldBeInRange(1, pieces.Length);
    }

    [Fact]
    public async Task Read_DamagedBytes_ThrowsNothingElse()
    {
        var random = new Random(20240607);
        var samples = await SamplesAsync();
        for (var i = 0; i < 12_000; i++)
        {
            await ReadAsync(Damage([.. samples[i % samples.Count]], samples, random));
        }
    }

    [Fact]
    public async Task Read_DamagedFieldsUnderValidChecksums_ThrowsNothingElse()
    {
        var random = new Random(20240608);
        for (var i = 0; i < 6_000; i++)
        {
            var bytes = new ArrayBufferWriter<byte>();
            bytes.Write(NutFormat.FileId);
            bytes.WritePacket(NutFormat.MainStartcode, Damage(NutSample.MainBody(3 + (i % 2)), random));
            bytes.WritePacket(NutFormat.StreamStartcode, Damage(NutSample.VideoBody(), random));
            bytes.WritePacket(NutFormat.StreamStartcode, Damage(NutSample.AudioBody(), random));
            bytes.WritePacket(NutFormat.SyncpointStartcode, Damage([4, 0], random));
            bytes.Write(NutKit.Noise(random.Next(200), i));
            await ReadAsync(bytes.WrittenSpan.ToArray());
        }
    }

    [Fact]
    public async Task Read_NoiseBehindTheHeader_ThrowsNothingElse()
    {
        for (var i = 0; i < 3_000; i++)
        {
            await ReadAsync(new NutSample(3 + (i % 2)).Syncpoint().Raw(NutKit.Noise(300, i)).ToArray());
        }
    }

    [Fact]
    public async Task Read_EndlessInfoPackets_NeedsNoMemory()
    {
        var sample = new NutSample();
        for (var i = 0; i < 2_000; i++)
        {
            sample.Packet(NutFormat.InfoStartcode, new byte[1000]);
        }

        (await ReadAsync(sample.ToArray())).Error.ShouldBeNull();
    }

    /// <summary>Reads what there is; fails on any other exception and on unreasonable cost.</summary>
    private static async Task<(int Packets, NutFormatException? Error)> ReadAsync(byte[] bytes)
    {
        var input = new MemoryStream(bytes);
        var scratch = new byte[Limits.MaxPayloadBytes];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var packets = 0;
        NutFormatException? error = null;
        try
        {
            var demuxer = new NutDemuxer(input, Limits);
            await demuxer.ReadHeaderAsync(default);
            while (await demuxer.ReadPacketAsync(default) is { } packet)
            {
                packet.Stream.ShouldBeInRange(0, Limits.MaxStreams - 1);
                packet.Pts.ShouldBeGreaterThanOrEqualTo(0);
                await (packets % 2 == 0
                    ? demuxer.ReadPayloadAsync(scratch.AsMemory(0, packet.Size), default)
                    : demuxer.SkipPayloadAsync(default));
                packets++;
            }
        }
        catch (NutFormatException e)
        {
            error = e;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MaxAllocatedBytes);
        packets.ShouldBeLessThanOrEqualTo(bytes.Length);
        (error?.Offset ?? 0).ShouldBeInRange(0, bytes.Length);
        return (packets, error);
    }

    private static NutStream[] Streams() =>
    [
        new NutStream(NutStreamClass.Video, 0x30323449, new Rational(1, 90000)) { Width = 6, Height = 4 },
        new NutStream(NutStreamClass.Audio, 0xFF, new Rational(1, 44100)) { SampleRate = 44100, Channels = 2 },
    ];

    private static async Task<List<byte[]>> SamplesAsync()
    {
        var pieces = Enumerable.Range(0, 9).Select(i => new NutPiece(i % 2, i * 1000, IsKey: true, NutKit.Noise(i, i)));
        return
        [
            await NutKit.WriteAllAsync(Streams(), pieces),
            await NutKit.WriteAllAsync(Streams(), pieces, NutSyncpoints.AtStart),
            new NutSample(version: 4)
                .Packet(NutFormat.InfoStartcode, NutKit.Noise(50, seed: 1))
                .Syncpoint()
                .Frame(NutFrameFlags.SideData | NutFrameFlags.SizeMsb, sizeMsb: 9, stored: [1, 1, 65, 2, 1, 66, 0, 7, 7])
                .Frame(NutFrameFlags.HeaderIndex | NutFrameFlags.SizeMsb, sizeMsb: 4, headerIndex: 2, stored: [9])
                .Packet(NutFormat.MainStartcode, NutSample.MainBody(version: 4))
                .Packet(NutFormat.IndexStartcode, NutKit.Noise(5000, seed: 2))
                .ToArray(),
        ];
    }

    private static byte[] Damage(byte[] bytes, List<byte[]> others, Random random)
    {
        switch (random.Next(3))
        {
            case 0: // flipped bits
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
            case 1: // a splice of two streams
                var other = others[random.Next(others.Count)];
                return [.. bytes[..random.Next(bytes.Length)], .. other[random.Next(other.Length)..]];
            default:
                return Damage(bytes, random);
        }
    }

    /// <summary>Overwrites some bytes with those that make numbers long, large, zero, or wrong.</summary>
    private static byte[] Damage(byte[] bytes, Random random)
    {
        for (var i = random.Next(3); i > 0; i--)
        {
            var at = random.Next(bytes.Length);
            var length = Math.Min(random.Next(1, 12), bytes.Length - at);
            bytes.AsSpan(at, length).Fill(random.Next(4) switch { 0 => 0xFF, 1 => 0x80, 2 => 0, _ => (byte)random.Next(256) });
        }

        return bytes;
    }
}
