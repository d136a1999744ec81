using FaceAnonStream.Media.Nut;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Nut;

public sealed class NutFormatErrorTests
{
    private const NutFrameFlags Sized = NutFrameFlags.Key | NutFrameFlags.SizeMsb;

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Read_BrokenStream_NamesTheProblem(string expected, byte[] bytes)
    {
        var limits = new NutLimits { MaxPayloadBytes = 100_000, MaxStreams = 2, MaxHeaderBytes = 5000, MaxIndexBytes = 6000 };
        var error = await Should.ThrowAsync<NutFormatException>(() => NutKit.ReadAllAsync(bytes, limits));
        error.Message.ShouldContain(expected);
        error.IsTruncation.ShouldBe(expected == "ends too early");
        error.Offset.ShouldBeInRange(0, bytes.Length);
    }

    public static TheoryData<string, byte[]> Broken() => new()
    {
        { "ends too early", [] },
        { "not a NUT stream", "RIFF"u8.ToArray() },
        { "ends too early", new NutSample().Syncpoint().ToArray() },
        { "ends too early", new NutSample().Syncpoint().Raw(NutSample.PlainCode, 4, 1, 2, 3).ToArray() },
        { "the version is 5", Header(NutSample.MainBody(version: 5)) },
        { "the number of streams is 3; allowed 1 to 2", Header(NutSample.MainBody(streams: 3)) },
        { "main header is shorter", Header(NutSample.MainBody()[..60]) },
        { "the width is 0", Header(NutSample.MainBody(), NutSample.VideoBody(width: 0)) },
        { "two headers of stream 0", Header(NutSample.MainBody(), NutSample.VideoBody(), NutSample.VideoBody()) },
        { "header is missing", [.. NutFormat.FileId, .. Packet(NutFormat.StreamStartcode, NutSample.VideoBody())] },
        { "differs from the first", new NutSample().Packet(NutFormat.StreamStartcode, NutSample.VideoBody(65)).ToArray() },
        { "invalid frame code", new NutSample().Syncpoint().Raw(0).ToArray() },
        { "invalid frame code", new NutSample().Syncpoint().Raw(255).ToArray() },
        { "a frame of stream 2", Frame(Sized | NutFrameFlags.StreamId, stream: 2) },
        { "a frame of 100001 bytes", Frame(Sized, sizeMsb: 100_001) },
        { "a frame of 18446744073709551615 bytes", Frame(Sized, sizeMsb: ulong.MaxValue) },
        { "elision header 3; there are 3", Frame(Sized | NutFrameFlags.HeaderIndex, headerIndex: 3) },
        { "shorter than its elision header", Frame(Sized | NutFrameFlags.HeaderIndex, sizeMsb: 2, headerIndex: 2) },
        { "timestamp is out of range", Frame(Sized | NutFrameFlags.CodedPts, codedPts: 127) },
        { "timestamp is out of range", Frame(Sized | NutFrameFlags.CodedPts, codedPts: ulong.MaxValue) },
        { "without a checksum", Frame(Sized | NutFrameFlags.CodedPts, codedPts: 128 + 26) },
        { "side data runs beyond", Frame(Sized | NutFrameFlags.SideData, sizeMsb: 2, stored: [1, 200]) },
        { "longer than 32768 bytes", Frame(Sized | NutFrameFlags.SideData, sizeMsb: 90_000, stored: Forever()) },
        { "reserved fields", new NutSample().Syncpoint().Raw(NutSample.CodedCode, 0x81, 0, 0x82, 0).ToArray() },
        { "packet's checksum", Damaged(new NutSample().Syncpoint().ToArray()) },
        { "frame header's checksum", Damaged(Frame(Sized | NutFrameFlags.Checksum)) },
        { "a syncpoint at", new NutSample().Syncpoint(ticks: 1UL << 56).ToArray() },
        { "packet of 5001 bytes", new NutSample().Packet(NutFormat.InfoStartcode, new byte[4997]).ToArray() },
        { "packet of 5001 bytes", new NutSample().Packet(0x4E00000000000000, new byte[4997]).ToArray() },
        { "packet of 6001 bytes", new NutSample().Packet(NutFormat.IndexStartcode, new byte[5997]).ToArray() },
        { "2004 bytes; allowed 4 to 1024", new NutSample().Packet(NutFormat.SyncpointStartcode, new byte[2000]).ToArray() },
    };

    private static byte[] Frame(
        NutFrameFlags flags,
        ulong stream = 0,
        ulong codedPts = 0,
        ulong sizeMsb = 0,
        ulong headerIndex = 0,
        byte[]? stored = null) =>
        new NutSample().Syncpoint().Frame(flags, stream, codedPts, sizeMsb, headerIndex, stored).ToArray();

    /// <summary>Side data of very many values, of one byte each.</summary>
    private static byte[] Forever() => [.. NutKit.Bytes(w => w.WriteUnsigned(1_000_000)), .. new byte[89_990]];

    private static byte[] Header(params byte[][] bodies) =>
    [
        .. NutFormat.FileId,
        .. bodies.SelectMany((body, i) => Packet(i == 0 ? NutFormat.MainStartcode : NutFormat.StreamStartcode, body)),
    ];

    private static byte[] Packet(ulong startcode, byte[] body) => NutKit.Bytes(w => w.WritePacket(startcode, body));

    private static byte[] Damaged(byte[] bytes)
    {
        bytes[^1] ^= 1;
        return bytes;
    }
}
