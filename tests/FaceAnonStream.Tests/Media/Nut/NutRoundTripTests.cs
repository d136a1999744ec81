using FaceAnonStream.Frames;
using FaceAnonStream.Media.Nut;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Nut;

public sealed class NutRoundTripTests
{
    private const long LargestPts = 1L << 40;

    private static readonly Gen<Rational> TimeBases =
        from numerator in Gen.Choose(1, 1001)
        from denominator in Gen.Frequency((1, Gen.Choose(1, 100)), (1, Gen.Choose(1, 100_000)))
        select new Rational(numerator, denominator);

    private static readonly Gen<NutStream> Streams =
        from streamClass in Gen.Elements(Enum.GetValues<NutStreamClass>())
        from fourCc in Gen.Choose(0, int.MaxValue)
        from timeBase in TimeBases
        from sizes in Gen.Choose(1, 16384).Four()
        from extra in Gen.Choose(0, 5000)
        select Describe(new NutStream(streamClass, (uint)fourCc * 2, timeBase), sizes, NutKit.Noise(extra, fourCc));

    private static readonly Gen<Clip> Clips =
        from streams in Streams.NonEmptyListOf()
        from pieces in Pieces([.. streams.Take(6)]).ListOf()
        from syncpoints in Gen.Elements(Enum.GetValues<NutSyncpoints>())
        select new Clip([.. streams.Take(6)], [.. pieces], syncpoints);

    [Fact]
    public void MuxThenDemux_AnyClip_GivesItBack() =>
        Prop.ForAll(Clips.ToArbitrary(), clip => RoundTripsAsync(clip).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public async Task Mux_TimeBaseNotInLowestTerms_WritesItReduced()
    {
        var stream = new NutStream(NutStreamClass.Data, 1, new Rational(4, 100));
        var bytes = await NutKit.WriteAllAsync([stream], [new NutPiece(0, 7, IsKey: true, [])]);
        var (header, pieces) = await NutKit.ReadAllAsync(bytes);
        header.Streams[0].TimeBase.ShouldBe(new Rational(1, 25));
        pieces[0].Pts.ShouldBe(7);
    }

    [Theory]
    [InlineData(NutSyncpoints.Periodic, 20)]
    [InlineData(NutSyncpoints.AtStart, 1)]
    public async Task Mux_LargeFrames_HaveTheSyncpointsAskedFor(NutSyncpoints syncpoints, int expected)
    {
        var stream = new NutStream(NutStreamClass.Data, 1, new Rational(1, 25));
        var pieces = Enumerable.Range(0, 20).Select(i => new NutPiece(0, i, IsKey: true, new byte[40_000]));
        Count(await NutKit.WriteAllAsync([stream], pieces, syncpoints)).ShouldBe(expected);
    }

    [Fact]
    public async Task Mux_SmallFrames_HaveASyncpointPer32KiB()
    {
        var stream = new NutStream(NutStreamClass.Data, 1, new Rational(1, 25));
        var pieces = Enumerable.Range(0, 1000).Select(i => new NutPiece(0, i, IsKey: true, new byte[1000]));
        var bytes = await NutKit.WriteAllAsync([stream], pieces);
        Count(bytes).ShouldBeInRange(bytes.Length / 32768, (bytes.Length / 30000) + 1);
    }

    [Fact]
    public async Task Mux_BadArguments_AreRefused()
    {
        var data = new NutStream(NutStreamClass.Data, 1, new Rational(1, 25));
        Should.Throw<ArgumentException>(() => new NutMuxer(Stream.Null, []));
        Should.Throw<ArgumentException>(() => new NutMuxer(Stream.Null, [data with { TimeBase = default }]));
        Should.Throw<ArgumentException>(() => new NutMuxer(Stream.Null, [data with { DecodeDelay = 1 }]));
        Should.Throw<ArgumentException>(() => new NutMuxer(Stream.Null, [data with { Class = NutStreamClass.Video }]));
        Should.Throw<ArgumentException>(() => new NutMuxer(Stream.Null, [data with { Class = NutStreamClass.Audio }]));

        var muxer = new NutMuxer(Stream.Null, [data, data with { TimeBase = new Rational(1, int.MaxValue) }]);
        await Should.ThrowAsync<InvalidOperationException>(async () => await muxer.WritePacketAsync(0, 0, true, default, default));
        await muxer.WriteHeaderAsync(default);
        await Should.ThrowAsync<InvalidOperationException>(async () => await muxer.WriteHeaderAsync(default));
        await Should.ThrowAsync<ArgumentException>(async () => await muxer.WritePacketAsync(2, 0, true, default, default));
        await Should.ThrowAsync<ArgumentException>(async () => await muxer.WritePacketAsync(0, -1, true, default, default));
        await Should.ThrowAsync<ArgumentException>(async () => await muxer.WritePacketAsync(0, 1L << 54, true, default, default));
    }

    private static Gen<NutPiece> Pieces(NutStream[] streams) =>
        from stream in Gen.Choose(0, streams.Length - 1)
        from high in Gen.Choose(0, int.MaxValue)
        from step in Gen.Choose(0, 100_000)
        from isFar in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from isKey in Gen.Elements(true, false)
        from size in Gen.Frequency((8, Gen.Choose(0, 300)), (2, Gen.Choose(4000, 70_000)))
        let pts = isFar ? high * 512L : step
        select new NutPiece(stream, Math.Min(pts, MaxPts(streams, stream)), isKey, NutKit.Noise(size, step));

    /// <summary>Up to 2^40 ticks, and no more than the other streams' time bases can express.</summary>
    private static long MaxPts(NutStream[] streams, int stream)
    {
        var finest = streams.Min(s => s.TimeBase.Value);
        return (long)Math.Min(LargestPts, (1L << 54) * (finest / streams[stream].TimeBase.Value));
    }

    private static NutStream Describe(NutStream stream, (int, int, int, int) sizes, byte[] extra) => stream.Class switch
    {
        NutStreamClass.Video => stream with
        {
            Width = sizes.Item1,
            Height = sizes.Item2,
            SampleAspectRatio = sizes.Item3 % 2 == 0 ? default : new Rational(sizes.Item3, sizes.Item4),
            FrameRate = sizes.Item4 % 2 == 0 ? default : new Rational(sizes.Item4, 1001),
            CodecPrivate = extra,
        },
        NutStreamClass.Audio => stream with { SampleRate = sizes.Item1, Channels = sizes.Item2, CodecPrivate = extra },
        _ => stream with { CodecPrivate = extra },
    };

    private static async Task<bool> RoundTripsAsync(Clip clip)
    {
        var bytes = await NutKit.WriteAllAsync(clip.Streams, clip.Pieces, clip.Syncpoints);
        var (header, pieces) = await NutKit.ReadAllAsync(new ChunkedStream(bytes, bytes.Length));
        header.Streams.Count.ShouldBe(clip.Streams.Length);
        for (var i = 0; i < clip.Streams.Length; i++)
        {
            ShouldBeSame(header.Streams[i], clip.Streams[i]);
        }

        pieces.Count.ShouldBe(clip.Pieces.Length);
        foreach (var (actual, expected) in pieces.Zip(clip.Pieces))
        {
            (actual.Stream, actual.Pts, actual.IsKey).ShouldBe((expected.Stream, expected.Pts, expected.IsKey));
            actual.Payload.AsSpan().SequenceEqual(expected.Payload).ShouldBeTrue();
        }

        return true;
    }

    private static void ShouldBeSame(NutStream actual, NutStream expected)
    {
        actual.CodecPrivate.Span.SequenceEqual(expected.CodecPrivate.Span).ShouldBeTrue();
        actual.TimeBase.Value.ShouldBe(expected.TimeBase.Value);
        actual.ShouldBe(expected with
        {
            TimeBase = actual.TimeBase,
            CodecPrivate = actual.CodecPrivate,
            FrameRate = default,
        });
    }

    private static int Count(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> startcode = [0x4E, 0x4B, 0xE4, 0xAD, 0xEE, 0xCA, 0x45, 0x69];
        var count = 0;
        for (var at = bytes.IndexOf(startcode); at >= 0; at = bytes.IndexOf(startcode))
        {
            bytes = bytes[(at + 1)..];
            count++;
        }

        return count;
    }

    private sealed record Clip(NutStream[] Streams, NutPiece[] Pieces, NutSyncpoints Syncpoints);
}
