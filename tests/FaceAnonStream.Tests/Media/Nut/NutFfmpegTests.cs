using System.Globalization;
using System.Security.Cryptography;
using FaceAnonStream.Frames;
using FaceAnonStream.Media.Nut;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Nut;

/// <summary>Both directions against the real ffmpeg, whose own reader is the oracle.</summary>
public sealed class NutFfmpegTests
{
    private static readonly string[] VfrPicture =
        ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=30:d=3,select='not(mod(n\\,3))+not(mod(n\\,7))',setsar=4/3"];

    private static readonly string[] Sound = ["-f", "lavfi", "-i", "sine=r=44100:d=3"];

    public static TheoryData<string> FormatNames() => [.. PixelFormat.All.Select(format => format.Name)];

    [Theory]
    [InlineData("-c:v rawvideo -c:a aac")]
    [InlineData("-c:v rawvideo -c:a pcm_s16le")]
    [InlineData("-c:v rawvideo -c:a mp2")]
    [InlineData("-c:v rawvideo -c:a aac -syncpoints none -strict experimental")]
    [InlineData("-c:v rawvideo -c:a aac -syncpoints timestamped -strict experimental")]
    [InlineData("-c:v rawvideo -c:a aac -write_index 0 -flush_packets 1")]
    [InlineData("-c:a aac -c:v mpeg4 -bf 2")]
    public async Task Demux_WhatFfmpegWrites_MatchesItsOwnReader(string options)
    {
        var bytes = await Ffmpeg.RunAsync(
            [.. VfrPicture, .. Sound, "-fps_mode", "vfr", "-pix_fmt", "yuv420p", .. options.Split(' '), "-f", "nut", "pipe:1"]);

        var (header, pieces) = await NutKit.ReadAllAsync(bytes);

        header.Streams.Select(s => s.Class).ShouldBe([NutStreamClass.Video, NutStreamClass.Audio]);
        header.Streams[0].SampleAspectRatio.ShouldBe(new Rational(4, 3));
        var (packets, streams) = await Ffmpeg.ProbeAsync(bytes, "time_base");
        Describe(pieces).ShouldBe(packets);
        header.Streams.Select(s => s.TimeBase.ToString()).ShouldBe(streams);
        pieces.Count(p => p.Stream == 0).ShouldBe(38);
    }

    [Fact]
    public async Task Demux_VariableFrameRate_KeepsEveryTime()
    {
        var bytes = await Ffmpeg.RunAsync(
            [.. VfrPicture, "-fps_mode", "passthrough", "-c:v", "rawvideo", "-f", "nut", "pipe:1"]);

        var (header, pieces) = await NutKit.ReadAllAsync(bytes);

        var timeBase = header.Streams[0].TimeBase;
        var chosen = Enumerable.Range(0, 90).Where(n => n % 3 == 0 || n % 7 == 0);
        pieces.Select(p => p.Pts * 30 * timeBase.Numerator).ShouldBe(chosen.Select(n => (long)n * timeBase.Denominator));
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public async Task Demux_OddSizeInEveryFormat_GivesTheFrame(string name)
    {
        string[] picture =
            ["-f", "lavfi", "-i", "testsrc=s=853x479:r=25", "-frames:v", "2", "-pix_fmt", name, "-c:v", "rawvideo"];
        var format = new FrameFormat(853, 479, PixelFormat.FromName(name), default);

        var (header, pieces) = await NutKit.ReadAllAsync(await Ffmpeg.RunAsync([.. picture, "-f", "nut", "pipe:1"]));

        NutFourCc.ToPixelFormat(header.Streams[0].FourCc).ShouldBe(format.PixelFormat);
        (header.Streams[0].Width, header.Streams[0].Height).ShouldBe((853, 479));
        pieces.Select(p => p.Payload.Length).ShouldBe([format.SizeBytes, format.SizeBytes]);
        var raw = await Ffmpeg.RunAsync([.. picture, "-f", "rawvideo", "pipe:1"]);
        pieces.SelectMany(p => p.Payload).SequenceEqual(raw).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public async Task Mux_OddSizeInEveryFormat_IsReadByFfmpeg(string name)
    {
        var format = new FrameFormat(853, 479, PixelFormat.FromName(name), default);
        var stream = new NutStream(NutStreamClass.Video, NutFourCc.FromPixelFormat(format.PixelFormat), new Rational(1, 90000))
        {
            Width = 853,
            Height = 479,
            SampleAspectRatio = new Rational(8, 9),
            FrameRate = new Rational(30000, 1001),
        };
        long[] times = [1L << 40, (1L << 40) + 3003, (1L << 40) + 12345, (1L << 40) + 12346];
        var pieces = times.Select((pts, i) => new NutPiece(0, pts, IsKey: true, NutKit.Noise(format.SizeBytes, i))).ToArray();

        foreach (var syncpoints in Enum.GetValues<NutSyncpoints>())
        {
            var bytes = await NutKit.WriteAllAsync([stream], pieces, syncpoints);

            var (packets, streams) = await Ffmpeg.ProbeAsync(
                bytes, "codec_name,width,height,sample_aspect_ratio,pix_fmt,r_frame_rate,time_base");
            packets.ShouldBe(Describe(pieces));
            streams.ShouldBe([$"rawvideo,853,479,8:9,{name},30000/1001,1/90000"]);
        }
    }

    [Theory]
    [InlineData("aac")]
    [InlineData("pcm_s16le")]
    [InlineData("mp2")]
    public async Task Mux_SoundCopiedFromFfmpeg_ArrivesBitExact(string codec)
    {
        const string Entries = "codec_name,sample_rate,channels,extradata_hash,time_base";
        string[] codecs = ["-c:v", "rawvideo", "-pix_fmt", "yuv420p", "-c:a", codec];
        var source = await Ffmpeg.RunAsync(
            [.. VfrPicture, .. Sound, "-fps_mode", "vfr", .. codecs, "-f", "nut", "pipe:1"]);
        var (header, pieces) = await NutKit.ReadAllAsync(source);
        var (expectedPackets, expectedStreams) = await Ffmpeg.ProbeAsync(source, Entries);

        foreach (var syncpoints in Enum.GetValues<NutSyncpoints>())
        {
            var copy = await NutKit.WriteAllAsync(header.Streams, pieces, syncpoints);

            var (packets, streams) = await Ffmpeg.ProbeAsync(copy, Entries);
            packets.ShouldBe(expectedPackets);
            streams.ShouldBe(expectedStreams);
        }
    }

    [Theory]
    [InlineData("yuvj420p", "yuv420p")]
    [InlineData("yuvj422p", "yuv422p")]
    [InlineData("yuvj444p", "yuv444p")]
    public async Task FourCc_FullRangeFormat_IsItsTwin(string name, string twin)
    {
        var format = new FrameFormat(16, 16, PixelFormat.FromName(twin), default);
        var bytes = await Ffmpeg.FeedAsync(
            new byte[format.SizeBytes],
            "-f", "rawvideo", "-s", "16x16", "-pix_fmt", name, "-i", "pipe:0", "-c:v", "rawvideo", "-f", "nut", "pipe:1");
        var (header, _) = await NutKit.ReadAllAsync(bytes);
        NutFourCc.ToPixelFormat(header.Streams[0].FourCc).ShouldBe(format.PixelFormat);
    }

    [Fact]
    public void FourCc_UnknownTag_IsNoFormat() => NutFourCc.ToPixelFormat(0x34363248).ShouldBeNull();

    private static IEnumerable<string> Describe(IEnumerable<NutPiece> pieces) => pieces.Select(piece =>
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(piece.Payload));
        var flags = piece.IsKey ? "K_" : "__";
        return string.Create(
            CultureInfo.InvariantCulture, $"{piece.Stream},{piece.Pts},{piece.Payload.Length},{flags},SHA256:{hash}");
    });
}
