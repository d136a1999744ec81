using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kit.Peers;

/// <summary>The peers do what tests believe they do; ffmpeg is the judge.</summary>
public sealed class PeerTests
{
    private static readonly string[] Pattern = ["-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25", "-t", "30", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "12", "-pix_fmt", "yuv420p"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rtsp_Camera_Plays(bool clip)
    {
        await using var peer = await RtspPeer.StartAsync(new RtspPeerOptions { Clip = clip ? await TestClips.GetAsync("plain.mp4") : null });
        (await CountAsync("-rtsp_transport", "tcp", "-i", peer.Camera)).ShouldBe("20");
    }

    [Fact]
    public async Task Rtsp_Push_IsRecorded()
    {
        await using var peer = await RtspPeer.StartAsync();
        await Command.RunAsync("ffmpeg", [.. Pattern, "-t", "2", "-rtsp_transport", "tcp", "-f", "rtsp", peer.Recorder]);
        await peer.Process.Until(() => Task.FromResult(peer.Recordings is [var file] && new FileInfo(file).Length > 10_000), "the push is recorded");
    }

    [Fact]
    public async Task Rtmp_Published_IsPlayedAndRecorded()
    {
        await using var peer = await RtmpPeer.StartAsync();
        await using var publisher = new PeerProcess("ffmpeg", [.. Pattern, "-f", "flv", peer.Address("key1")]);
        publisher.Start();
        await publisher.Until(() => Task.FromResult(peer.Recordings.Count == 1), "publishing has begun");
        (await CountAsync("-i", peer.Address("key1"))).ShouldBe("20");
    }

    [Fact]
    public async Task Http_File_IsServed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "hello"u8.ToArray());
        await using var peer = await HlsPeer.StartAsync(folder.Root);
        using var client = new HttpClient();
        (await client.GetStringAsync(new Uri(peer.Address("a.txt")))).ShouldBe("hello");
    }

    private static async Task<string> CountAsync(params string[] input)
    {
        var progress = await Command.RunAsync("ffmpeg", ["-v", "error", "-progress", "-", "-nostats", "-analyzeduration", "500000", .. input, "-frames:v", "20", "-f", "null", "-"]);
        return progress.Split('\n').Last(line => line.StartsWith("frame=", StringComparison.Ordinal))["frame=".Length..].Trim();
    }
}
