using FaceAnonStream.Live;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>Real peers of every kind.</summary>
public sealed class LiveSourcePullTests
{
    [Theory]
    [InlineData(RtspTransport.Tcp)]
    [InlineData(RtspTransport.Udp)]
    public async Task Read_Rtsp_GivesFrames(RtspTransport transport)
    {
        await using var peer = await RtspPeer.StartAsync();
        await PullAsync(peer.Camera, new LiveOptions { RtspTransport = transport });
    }

    [Fact]
    public async Task Read_Rtmp_GivesFrames()
    {
        await using var peer = await RtmpPeer.StartAsync();
        await using var publisher = Publisher.Start("-f", "flv", peer.Address("key1"));
        await publisher.Until(() => Task.FromResult(peer.Recordings.Count == 1), "publishing has begun");
        await PullAsync(peer.Address("key1"));
    }

    [Fact]
    public async Task Read_Srt_GivesFrames()
    {
        var port = FreePort.Udp();
        await using var publisher = Publisher.StartForGood("-f", "mpegts", $"srt://127.0.0.1:{port}?mode=listener");
        await PullAsync($"srt://127.0.0.1:{port}");
    }

    [Fact]
    public async Task Read_Udp_GivesFrames()
    {
        var port = FreePort.Udp();
        await using var publisher = Publisher.Start("-f", "mpegts", $"udp://127.0.0.1:{port}?pkt_size=1316");
        await PullAsync($"udp://127.0.0.1:{port}");
    }

    [Fact]
    public async Task Read_Hls_GivesFramesOneByOne()
    {
        using var folder = new TemporaryFolder();
        await using var peer = await HlsPeer.StartAsync(folder.Root);
        await using var publisher = Publisher.Start(
            "-f", "hls", "-hls_time", "0.5", "-hls_list_size", "5", "-hls_flags", "delete_segments", folder.File("live.m3u8"));
        await publisher.Until(() => Task.FromResult(File.Exists(folder.File("live2.ts"))), "there are segments");
        await PullAsync(peer.Address("live.m3u8"));
    }

    private static async Task PullAsync(string address, LiveOptions? live = null)
    {
        await using var rig = await SourceRig.OpenAsync(address, live);
        (rig.Input.Format.Width, rig.Input.Format.Height, rig.Input.Format.PixelFormat.Name).ShouldBe((320, 240, "yuv420p"));
        rig.Input.FrameRate.Value.ShouldBe(25, 0.5);
        await rig.UntilFrameAsync(frame => !SourceRig.IsSlate(frame));
        await rig.FramesAsync(20);
        await rig.EndAsync();
        rig.Told.ShouldAllBe(reason => reason == "");
    }
}
