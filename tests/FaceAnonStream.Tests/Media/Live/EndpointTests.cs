using FaceAnonStream.Faults;
using FaceAnonStream.Media.Live;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>Addresses hold secrets in many places, and show none of them.</summary>
public sealed class EndpointTests
{
    [Theory]
    [InlineData("rtsp://operator:hunter22@camera.test:8554/1", "rtsp://***@camera.test:8554/1")]
    [InlineData("rtsp://camera.test/1?auth=hunter22", "rtsp://camera.test/1?***")]
    [InlineData("rtsp://camera.test/1#hunter22", "rtsp://camera.test/1#***")]
    [InlineData("srt://camera.test:9000?passphrase=hunter22&mode=caller", "srt://camera.test:9000/?***")]
    [InlineData("rtmp://server.test/live/hunter22", "rtmp://server.test/live/***")]
    [InlineData("rtmp://server.test/live/hunter22/", "rtmp://server.test/live/***/")]
    [InlineData("rtmp://server.test/live/hunter22//?vhost=a", "rtmp://server.test/live/***//?***")]
    [InlineData("rtsp://camera.test/user=operator_password=hunter22_channel=1_stream=0.sdp", "rtsp://camera.test/user=***_password=***_channel=1_stream=0.sdp")]
    [InlineData("rtsp://camera.test/user=operator&password=hunter22&channel=1", "rtsp://camera.test/user=***&password=***&channel=1")]
    [InlineData("rtsp://camera.test/user=_password=hunter22_channel=1", "rtsp://camera.test/user=_password=***_channel=1")]
    [InlineData("rtsp://camera.test/passwd=hunter22;1", "rtsp://camera.test/passwd=***;1")]
    [InlineData("rtsp://camera.test/pwd=hunter22/1", "rtsp://camera.test/pwd=***/1")]
    [InlineData("rtsp://camera.test/pass=hunter22&x", "rtsp://camera.test/pass=***&x")]
    [InlineData("http://camera.test/ApiKey=hunter22/live.m3u8", "http://camera.test/ApiKey=***/live.m3u8")]
    [InlineData("http://camera.test/token=hunter22", "http://camera.test/token=***")]
    [InlineData("http://camera.test/secret=hunter22?x", "http://camera.test/secret=***?***")]
    public void Source_SecretInAnAddress_IsNeitherShownNorSaid(string address, string shown)
    {
        var endpoint = Endpoint.Source(address);

        endpoint.Shown.ShouldBe(shown);
        endpoint.ToString().ShouldBe(shown);
        endpoint.Scrub($"{address}: refused hunter22").ShouldBe($"{shown}: refused ***");
    }

    [Theory]
    [InlineData("rtsp://operator:12:34@camera.test/1", "12:34")]
    [InlineData("rtsp://operator:12%3A34@camera.test/1", "12:34")]
    [InlineData("rtsp://camera.test/password=12_34_channel=1", "12_34")]
    [InlineData("rtsp://camera.test/1?a=b&password=12_34", "12_34")]
    [InlineData("rtmp://camera.test/live/12%2034", "12 34")]
    public void Scrub_SecretWithASeparator_IsMaskedAsAWhole(string address, string secret) =>
        Endpoint.Source(address).Scrub($"refused {secret}!").ShouldBe("refused ***!");

    [Fact]
    public void Source_MangledAddresses_AreUnderstoodOrRefused()
    {
        var random = new Random(22);
        const string Alphabet = "/:@?#%&;=_[]\\*.+a0é\ud83d\ude00\u202e";
        string[] originals = ["rtsp://operator:hunter22@camera.test/user=operator_password=hunter22_channel=1", "rtmp://[::1]:1/live/key/", "http://a/b?c=d#e"];
        for (var round = 0; round < 20_000; round++)
        {
            var text = originals[random.Next(originals.Length)].ToCharArray();
            for (var edit = random.Next(1, 6); edit > 0; edit--)
            {
                text[random.Next(5, text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            }

            var address = new string(text);
            try
            {
                Endpoint.Source(address, "operator:hunter22", [address[random.Next(address.Length)..]]).Shown.ShouldNotContain("\u202e");
            }
            catch (FaultException fault)
            {
                fault.Origin.ShouldBe(FaultOrigin.Configuration);
            }
        }
    }

    [Theory]
    [InlineData("rtsp://camera.test/Streaming/Channels/101")]
    [InlineData("rtsp://[::1]:8554/cam")]
    [InlineData("rtmp://camera.test/")]
    [InlineData("rtsp://camera.test/user/channel=1/monkey")]
    [InlineData("recordings/password=hunter22/live.m3u8")]
    public void Sink_NothingSecret_IsShownAsItIs(string address) => Endpoint.Sink(address).Shown.ShouldBe(address);
}
