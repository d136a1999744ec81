using FaceAnonStream.Frames;
using FaceAnonStream.Media.Nut;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Nut;

public sealed class NutDemuxerTests
{
    private const NutFrameFlags Sized = NutFrameFlags.Key | NutFrameFlags.SizeMsb;

    private static readonly byte[] Abc = [10, 11, 12];

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task ReadHeader_HandMadeStream_GivesEveryField(int version)
    {
        var (header, pieces) = await NutKit.ReadAllAsync(new NutSample(version).ToArray());

        pieces.ShouldBeEmpty();
        var video = header.Streams[0];
        video.ShouldBe(new NutStream(NutStreamClass.Video, 0x30323449, new Rational(1, 25))
        {
            Width = 64,
            Height = 48,
            SampleAspectRatio = new Rational(4, 3),
            DecodeDelay = 1,
            CodecPrivate = video.CodecPrivate,
        });
        video.CodecPrivate.Length.ShouldBe(0);
        var audio = header.Streams[1];
        audio.ShouldBe(new NutStream(NutStreamClass.Audio, 0xFF, new Rational(1, 1000))
        {
            SampleRate = 44100,
            Channels = 2,
            CodecPrivate = audio.CodecPrivate,
        });
        audio.CodecPrivate.ToArray().ShouldBe([0x12, 0x10]);
    }

    [Fact]
    public async Task ReadPacket_CodeWithoutTime_AddsTheCodesStep()
    {
        var pieces = await ReadAsync(new NutSample()
            .Syncpoint(ticks: 100)
            .Raw(NutSample.PlainCode, 3, 10, 11, 12)
            .Raw(NutSample.PlainCode, 0));

        pieces.Select(p => (p.Stream, p.Pts, p.IsKey)).ShouldBe([(0, 101, true), (0, 102, true)]);
        pieces[0].Payload.ShouldBe(Abc);
        pieces[1].Payload.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadPacket_SplitSize_CombinesFactorAndLowPart()
    {
        var size = (2 * NutSample.SplitSizeFactor) + 3;
        var pieces = await ReadAsync(new NutSample()
            .Syncpoint(ticks: 100)
            .Raw(NutSample.SplitSizeCode + 3, 2)
            .Raw(NutKit.Noise(size, seed: 1)));

        pieces.Single().Payload.ShouldBe(NutKit.Noise(size, seed: 1));
        pieces.Single().Pts.ShouldBe(99);
        pieces.Single().IsKey.ShouldBeFalse();
    }

    [Fact]
    public async Task ReadPacket_SyncpointInOtherTimeBase_SetsEveryClock()
    {
        var pieces = await ReadAsync(new NutSample()
            .Syncpoint(ticks: 4079, timeBase: 1)
            .Raw(NutSample.PlainCode, 0)
            .Frame(Sized | NutFrameFlags.StreamId, stream: 1)
            .Frame(Sized | NutFrameFlags.CodedPts, codedPts: 128 + 100));

        pieces.Select(p => (p.Stream, p.Pts)).ShouldBe([(0, 102), (1, 4080), (0, 100)]);
    }

    [Fact]
    public async Task ReadPacket_EveryOptionalField_IsUnderstood()
    {
        const NutFrameFlags all = Sized | NutFrameFlags.StreamId | NutFrameFlags.CodedPts | NutFrameFlags.MatchTime
            | NutFrameFlags.HeaderIndex | NutFrameFlags.Reserved | NutFrameFlags.Checksum;
        var pieces = await ReadAsync(new NutSample()
            .Syncpoint()
            .Frame(all, stream: 1, codedPts: 128 + (1UL << 40), sizeMsb: 6, headerIndex: 2, stored: Abc));

        pieces.Single().ShouldSatisfyAllConditions(
            p => p.Stream.ShouldBe(1),
            p => p.Pts.ShouldBe(1L << 40),
            p => p.Payload.ShouldBe([1, 2, 3, 10, 11, 12]));
    }

    [Fact]
    public async Task ReadPacket_SideData_IsLeftOutOfThePayload()
    {
        var side = NutKit.Bytes(w =>
        {
            w.WriteUnsigned(5);
            foreach (var type in (long[])[-1, -2, -3, -4, -9])
            {
                w.WriteBlock("name"u8);
                w.WriteSigned(type);
                if (type == -2)
                {
                    w.WriteBlock("bin"u8);
                }

                if (type >= -2)
                {
                    w.WriteBlock(NutKit.Noise(200, seed: 2));
                }
                else
                {
                    w.WriteSigned(-300);
                }
            }

            w.WriteUnsigned(1);
            w.WriteBlock("SkipStart"u8);
            w.WriteSigned(1024);
        });
        var pieces = await ReadAsync(new NutSample().Syncpoint().Frame(
            Sized | NutFrameFlags.SideData | NutFrameFlags.HeaderIndex,
            sizeMsb: (ulong)(side.Length + 5),
            headerIndex: 1,
            stored: [.. side, .. Abc]));

        pieces.Single().Payload.ShouldBe([0xFF, 0xFB, 10, 11, 12]);
    }

    [Fact]
    public async Task ReadPacket_FrameOver4096Bytes_IgnoresItsElisionHeader()
    {
        var pieces = await ReadAsync(new NutSample()
            .Syncpoint()
            .Raw(NutSample.ElidedCode, 3, 10)
            .Raw([NutSample.ElidedCode, .. NutKit.Bytes(w => w.WriteUnsigned(4097)), .. NutKit.Noise(4097, seed: 3)]));

        pieces[0].Payload.ShouldBe([0xFF, 0xFB, 10]);
        pieces[1].Payload.ShouldBe(NutKit.Noise(4097, seed: 3));
    }

    [Fact]
    public async Task ReadPacket_OtherPackets_ArePassedOver()
    {
        var pieces = await ReadAsync(new NutSample()
            .Packet(NutFormat.InfoStartcode, NutKit.Noise(10_000, seed: 4))
            .Syncpoint()
            .Frame(Sized, sizeMsb: 3, stored: Abc)
            .Packet(0x4E01020304050607, NutKit.Noise(70_000, seed: 5))
            .Packet(NutFormat.MainStartcode, NutSample.MainBody())
            .Packet(NutFormat.StreamStartcode, NutSample.VideoBody())
            .Frame(Sized, sizeMsb: 3, stored: Abc)
            .Packet(NutFormat.IndexStartcode, NutKit.Noise(3_000_000, seed: 6)));

        pieces.Select(p => p.Pts).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task ReadPacket_TinyReads_WaitForNoMoreThanTheFrame()
    {
        var bytes = new NutSample().Syncpoint().Frame(Sized | NutFrameFlags.Checksum, sizeMsb: 3, stored: Abc).ToArray();
        var demuxer = new NutDemuxer(new ChunkedStream(bytes, seed: 7));
        await demuxer.ReadHeaderAsync(default);
        (await demuxer.ReadPacketAsync(default)).ShouldBe(new NutPacket(0, 1, IsKey: true, Size: 3));
        await demuxer.SkipPayloadAsync(default);
        (await demuxer.ReadPacketAsync(default)).ShouldBeNull();
        (await demuxer.ReadPacketAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task ReadPacket_PayloadPending_IsRefused()
    {
        var demuxer = new NutDemuxer(new MemoryStream(new NutSample().Syncpoint().Raw(NutSample.PlainCode, 0).ToArray()));
        await demuxer.ReadHeaderAsync(default);
        await demuxer.ReadPacketAsync(default);
        await Should.ThrowAsync<InvalidOperationException>(async () => await demuxer.ReadPacketAsync(default));
    }

    [Fact]
    public async Task ReadPayload_WrongLength_IsRefused()
    {
        var demuxer = new NutDemuxer(new MemoryStream(new NutSample().Syncpoint().Raw(NutSample.PlainCode, 0).ToArray()));
        await demuxer.ReadHeaderAsync(default);
        await demuxer.ReadPacketAsync(default);
        await Should.ThrowAsync<ArgumentException>(async () => await demuxer.ReadPayloadAsync(new byte[1], default));
    }

    [Fact]
    public async Task AnyCall_AfterAnError_IsRefused()
    {
        var demuxer = new NutDemuxer(new MemoryStream([1, 2, 3]));
        await Should.ThrowAsync<NutFormatException>(async () => await demuxer.ReadHeaderAsync(default));
        await Should.ThrowAsync<InvalidOperationException>(async () => await demuxer.ReadPacketAsync(default));
    }

    [Fact]
    public async Task ReadPacket_Cancelled_SaysSo() =>
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await new NutDemuxer(new MemoryStream(new byte[100])).ReadHeaderAsync(new CancellationToken(canceled: true)));

    private static async Task<List<NutPiece>> ReadAsync(NutSample sample)
    {
        var whole = await NutKit.ReadAllAsync(sample.ToArray());
        var chunked = await NutKit.ReadAllAsync(new ChunkedStream(sample.ToArray(), seed: 8));
        chunked.Pieces.Select(p => (p.Stream, p.Pts, p.IsKey, Convert.ToHexString(p.Payload)))
            .ShouldBe(whole.Pieces.Select(p => (p.Stream, p.Pts, p.IsKey, Convert.ToHexString(p.Payload))));
        return whole.Pieces;
    }
}
