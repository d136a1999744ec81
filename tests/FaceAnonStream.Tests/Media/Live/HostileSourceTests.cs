using System.Net;
using System.Net.Sockets;
using FaceAnonStream.Faults;
using FaceAnonStream.Live;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>What a probe says of sources that are not what they should be.</summary>
public sealed class HostileSourceTests
{
    private const string Password = "s3cr3t-pa55";
    private static readonly LiveOptions Quick = new() { ConnectTimeoutMs = 3000, StallMs = 1500 };

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{clip}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{clip}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nconcat:{clip}|{clip}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile://{nested}\n")]
    [InlineData("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nnested.m3u8\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI=\"file://{clip}\"\n#EXTINF:1,\nsegment.ts\n#EXT-X-ENDLIST\n")]
    public async Task Probe_PlaylistNamesLocalFiles_ReachesNone(string playlist)
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        var clip = elsewhere.File("clip.ts");
        await Command.RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "mpeg2video", clip);
        var nested = $"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{clip}\n#EXT-X-ENDLIST\n";
        await File.WriteAllTextAsync(folder.File("nested.m3u8"), nested);
        await File.WriteAllTextAsync(
            folder.File("live.m3u8"),
            playlist.Replace("{clip}", clip, StringComparison.Ordinal).Replace("{nested}", folder.File("nested.m3u8"), StringComparison.Ordinal));
        await using var peer = await HlsPeer.StartAsync(folder.Root);
        (await RefusedAsync(peer.Address("live.m3u8"))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Probe_RedirectToAFile_IsRefused()
    {
        using var server = new OneAnswer("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
        (await RefusedAsync($"http://127.0.0.1:{server.Port}/live.ts")).ShouldNotContain("root:");
    }

    [Fact]
    public async Task Probe_Unauthorized_SaysSoWithoutTheSecret()
    {
        await using var peer = await RtspPeer.StartAsync(new RtspPeerOptions { Credentials = ("camera", "another") });
        (await RefusedAsync(peer.Camera.Replace("://", $"://camera:{Password}@", StringComparison.Ordinal))).ShouldContain("401 Unauthorized");
    }

    [Fact]
    public async Task Probe_NoSuchCamera_SaysSo()
    {
        await using var peer = await RtspPeer.StartAsync();
        (await RefusedAsync(peer.Camera + "2")).ShouldContain("404 Not Found");
    }

    [Fact]
    public async Task Probe_NobodyListens_SaysSo() =>
        (await RefusedAsync($"rtsp://camera:{Password}@127.0.0.1:{FreePort.Tcp()}/cam")).ShouldContain("Connection refused");

    [Fact]
    public async Task Probe_MutePeer_GivesUpInTime()
    {
        using var server = new OneAnswer("");
        (await RefusedAsync($"http://camera:{Password}@127.0.0.1:{server.Port}/live.ts?token=abc{Password}")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Probe_SoundOnly_SaysSo()
    {
        using var folder = new TemporaryFolder();
        await Command.RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac", folder.File("sound.ts"));
        await using var peer = await HlsPeer.StartAsync(folder.Root);
        (await RefusedAsync(peer.Address("sound.ts"))).ShouldContain("no video stream");
    }

    [Theory]
    [InlineData("libx264", "ts")]
    [InlineData("libx265", "ts")]
    [InlineData("mpeg2video", "ts")]
    [InlineData("libx264", "m3u8")]
    public async Task Probe_PicturesTooLarge_NamesTheSetting(string codec, string end)
    {
        using var folder = new TemporaryFolder();
        await Command.RunAsync(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=640x480:d=1", "-c:v", codec, "-pix_fmt", "yuv420p", "-f", "mpegts", folder.File("large.ts"));
        await File.WriteAllTextAsync(folder.File("large.m3u8"), "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nlarge.ts\n#EXT-X-ENDLIST\n");
        await using var peer = await HlsPeer.StartAsync(folder.Root);
        (await RefusedAsync(peer.Address($"large.{end}"), new PictureLimit(459_000)))
            .ShouldEndWith(": its pictures are too large: media.frameMemoryMb allows 0.3 megapixels");
    }

    [Fact]
    public void Limit_DefaultMemory_Takes8KAndNotMuchMore()
    {
        SourceRig.Limit.Allows(Formats.Of(7680, 4320)).ShouldBeTrue();
        SourceRig.Limit.Pixels.ShouldBeGreaterThanOrEqualTo(7680 * 4320);
        SourceRig.Limit.Allows(Formats.Of(16384, 16000)).ShouldBeFalse();
        SourceRig.Limit.Allows(Formats.Of(7680, 6000)).ShouldBeFalse();
    }

    private static async Task<string> RefusedAsync(string address, PictureLimit? limit = null)
    {
        var fault = await Should.ThrowAsync<FaultException>(
            () => LiveProbe.ProbeAsync(Endpoint.Source(address), Quick, new MediaOptions(), limit ?? SourceRig.Limit, TimeProvider.System, CancellationToken.None));
        fault.Origin.ShouldBe(FaultOrigin.Source);
        fault.ToString().ShouldNotContain(Password);
        fault.Message.ShouldStartWith(Endpoint.Source(address).Shown);
        return fault.Message;
    }

    /// <summary>Says one thing to whoever connects, whatever is asked, and then nothing.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _clients = [];

        public OneAnswer(string answer)
        {
            _listener.Start();
            _ = ServeAsync(System.Text.Encoding.ASCII.GetBytes(answer));
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose()
        {
            _listener.Dispose();
            _clients.ForEach(client => client.Dispose());
        }

        private async Task ServeAsync(byte[] answer)
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    _clients.Add(client);
                    await client.GetStream().WriteAsync(answer);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }
}
