using FaceAnonStream.Frames;
using FaceAnonStream.Live;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

public sealed class LiveSinkArgumentsTests
{
    [Theory]
    [InlineData(null, "2", "50")]
    [InlineData(500, "0.5", "13")]
    [InlineData(10_000, "2", "50")]
    public void For_KeyPictures_ComeAsOftenAsOptionsAndTargetNeed(int? targetMs, string seconds, string count)
    {
        var arguments = Arguments("udp://127.0.0.1:9", targetMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null);
        ValueOf(arguments, "-force_key_frames").ShouldBe($"expr:if(isnan(prev_forced_t),1,gte(t-prev_forced_t,{seconds}))");
        ValueOf(arguments, "-g").ShouldBe(count);
    }

    [Theory]
    [InlineData("libx264", "zerolatency")]
    [InlineData("libx265", "zerolatency")]
    [InlineData("h264_nvenc", null)]
    public void For_AnyEncoder_NoPictureWaitsForALaterOne(string codec, string? tune)
    {
        var arguments = Arguments("udp://127.0.0.1:9", null, codec);
        ValueOf(arguments, "-bf").ShouldBe("0");
        ValueOf(arguments, "-tune").ShouldBe(tune);
        ValueOf(arguments, "-map_metadata").ShouldBe("-1");
        ValueOf(arguments, "-vf").ShouldBe("setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709");
    }

    [Theory]
    [InlineData("rtsp://host/x", "tcp,tls,udp,rtp,srtp", "rtsp")]
    [InlineData("rtmps://host/x/y", "rtmp,rtmps,tcp,tls", "flv")]
    [InlineData("srt://host:1", "srt", "mpegts")]
    [InlineData("udp://host:1", "udp", "mpegts")]
    [InlineData("tcp://host:1", "tcp", "mpegts")]
    public void For_Address_OpensItsOwnProtocolsOnly(string address, string protocols, string muxer)
    {
        var arguments = Arguments(address, null);
        ValuesOf(arguments, "-protocol_whitelist").ShouldBe(["pipe", protocols]);
        ValuesOf(arguments, "-f").ShouldBe(["nut", muxer]);
        arguments[^1].ShouldBe(address);
    }

    private static string[] Arguments(string address, TimeSpan? keyframeInterval, string codec = "libx264")
    {
        var pictures = PictureStream.Tagged(Formats.Of(1280, 720), new Rational(1, 90_000), new Rational(25, 1), new Rational(1, 1));
        var target = new NetworkTarget(Endpoint.Sink(address), new LiveOptions());
        return [.. LiveArguments.For(pictures, new MediaOptions { VideoCodec = codec }, new LiveOptions(), keyframeInterval, target.Begin())];
    }

    private static string? ValueOf(string[] arguments, string option) => ValuesOf(arguments, option).FirstOrDefault();

    private static string[] ValuesOf(string[] arguments, string option) =>
        [.. arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second)];
}
