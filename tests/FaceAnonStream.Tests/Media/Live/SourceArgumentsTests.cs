using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

public sealed class SourceArgumentsTests
{
    private static readonly string[] Forbidden = ["file", "pipe", "data", "concat", "subfile", "async", "cache", "unix", "fd"];

    [Theory]
    [InlineData("rtsp://a/b")]
    [InlineData("rtsps://a/b")]
    [InlineData("rtmp://a/b/c")]
    [InlineData("rtmps://a/b/c")]
    [InlineData("srt://a:1")]
    [InlineData("udp://a:1")]
    [InlineData("tcp://a:1")]
    [InlineData("http://a/b.ts")]
    [InlineData("https://a/b.m3u8")]
    public void For_AnySource_ReachesNoLocalFile(string address)
    {
        string[] arguments = [.. SourceArguments.For(Endpoint.Source(address), new LiveOptions(), new PictureLimit(3_000_000))];
        var protocols = arguments[Array.IndexOf(arguments, "-protocol_whitelist") + 1].Split(',');
        protocols.Intersect(Forbidden).ShouldBeEmpty();
        arguments.ShouldContain("-format_whitelist");
        arguments[^2..].ShouldBe(["-i", address]);
        arguments[Array.IndexOf(arguments, "-max_pixels") + 1].ShouldBe("2000000");
    }

    [Theory]
    [InlineData("https://a/b.ts", true)]
    [InlineData("https://a/b.m3u8", true)]
    [InlineData("rtmps://a/b/c", true)]
    [InlineData("http://a/b.ts", false)]
    [InlineData("http://a/b.m3u8", false)]
    [InlineData("rtmp://a/b/c", false)]
    [InlineData("rtsps://a/b", false)]
    public void For_Address_AsksForACertificateWhereFfmpegKnowsHow(string address, bool asks)
    {
        string[] arguments = [.. SourceArguments.For(Endpoint.Source(address), new LiveOptions(), SourceRig.Limit)];
        arguments.Contains("-tls_verify").ShouldBe(asks);
    }

    [Fact]
    public void For_ShortStall_BoundsAMutePeerByIt()
    {
        string[] arguments = [.. SourceArguments.For(Endpoint.Source("rtsp://a/b"), new LiveOptions { StallMs = 700 }, SourceRig.Limit)];
        arguments[Array.IndexOf(arguments, "-timeout") + 1].ShouldBe("700000");
    }
}
