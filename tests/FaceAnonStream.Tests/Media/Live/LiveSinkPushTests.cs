using System.Globalization;
using FaceAnonStream.Live;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>What real peers receive.</summary>
public sealed class LiveSinkPushTests : IDisposable
{
    private static readonly LiveOptions Live = new() { KeyframeIntervalMs = 400 };
    private readonly TemporaryFolder _folder = new();
    private readonly SinkRig _rig = new();

    public void Dispose()
    {
        _rig.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(RtspTransport.Tcp)]
    [InlineData(RtspTransport.Udp)]
    public async Task Write_Rtsp_IsRecordedByTheServer(RtspTransport transport)
    {
        await using var peer = await RtspPeer.StartAsync();
        await using var sink = _rig.Open(peer.Recorder, Live with { RtspTransport = transport });
        await using var feed = _rig.Feed(sink);
        await _rig.UntilUp();
        var before = feed.Written;
        await _rig.Until(() => feed.Written > before + 50, "two seconds are written");
        await feed.StopAsync();
        await sink.CompleteAsync(CancellationToken.None);
        _rig.Log.States.ShouldBe([EndState.Connecting, EndState.Up]);
        await _rig.Until(async () => await FramesAsync(peer.Recordings.Single()) >= 40, "the pictures are in the server's file");
    }

    [Fact]
    public async Task Write_Rtmp_IsPlayedByOthers()
    {
        await using var peer = await RtmpPeer.StartAsync();
        await using var sink = _rig.Open(peer.Address("key1"), Live);
        await using var feed = _rig.Feed(sink);
        await _rig.UntilUp();
        var streams = await Command.RunAsync(
            "ffprobe", "-v", "error", "-analyzeduration", "500000", "-show_entries", "stream=codec_name,width,height,color_range,color_space", "-of", "csv=p=0", peer.Address("key1"));
        streams.Trim().ShouldBe("h264,160,120,tv,bt709");
        await _rig.Until(() => feed.Written > 50, "two seconds are written");
        await feed.StopAsync();
        await sink.CompleteAsync(CancellationToken.None);
        var received = await FramesAsync(peer.Recordings.Single());
        received.ShouldBe(feed.Written - _rig.Log.Dropped);
    }

    [Fact]
    public async Task Write_Srt_Arrives()
    {
        var port = FreePort.Udp();
        await using var listener = Receiver($"srt://127.0.0.1:{port}?mode=listener");
        await using var sink = _rig.Open($"srt://127.0.0.1:{port}", Live);

        // When SRT closes, its receiver forgets what it holds back: 120 ms.
        await ReceiveAsync(sink, listener, mayLack: 10);
    }

    [Fact]
    public async Task Write_Udp_Arrives()
    {
        var port = FreePort.Udp();
        await using var listener = Receiver($"udp://127.0.0.1:{port}?timeout=2000000&fifo_size=100000");
        await using var sink = _rig.Open($"udp://127.0.0.1:{port}", Live);
        await ReceiveAsync(sink, listener, mayLack: 20);
    }

    [Fact]
    public async Task Write_VaryingRate_KeepsItsSpacing()
    {
        var port = FreePort.Tcp();
        await using var listener = Receiver($"tcp://127.0.0.1:{port}?listen=1");
        await using var sink = _rig.Open($"tcp://127.0.0.1:{port}", Live);
        await _rig.Until(
            async () =>
            {
                await _rig.WriteAsync(sink, 5_000_000);
                return _rig.Log.Count(EndState.Up) == 1;
            },
            "the receiver listens");
        long[] times = [5_003_600, 5_010_801, 5_011_000, 5_020_000, 5_110_000, 5_112_345, 5_115_000];
        await _rig.WriteAsync(sink, times);
        await sink.CompleteAsync(CancellationToken.None);
        await listener.ExitAsync();
        var arrived = (await Ffprobe.VideoPtsAsync(_folder.File("received.ts")))
            .Select(packet => long.Parse(packet.Split(' ')[0], CultureInfo.InvariantCulture)).ToArray();
        arrived.TakeLast(times.Length).Select(pts => pts - arrived[^1]).ShouldBe(times.Select(pts => pts - times[^1]));
        arrived[0].ShouldBe(0);
    }

    private PeerProcess Receiver(string address)
    {
        var receiver = new PeerProcess("ffmpeg", "-v", "error", "-y", "-i", address, "-c", "copy", "-copyts", "-muxdelay", "0", "-muxpreload", "0", "-mpegts_copyts", "1", _folder.File("received.ts"));
        receiver.Start();
        return receiver;
    }

    private async Task ReceiveAsync(FaceAnonStream.Media.Live.ILiveSink sink, PeerProcess listener, int mayLack)
    {
        await using var feed = _rig.Feed(sink);
        await _rig.UntilUp();
        var before = feed.Written;
        await _rig.Until(() => feed.Written > before + 50, "two seconds are written");
        await feed.StopAsync();
        await sink.CompleteAsync(CancellationToken.None);
        await listener.ExitAsync();
        (await FramesAsync(_folder.File("received.ts"))).ShouldBeInRange(feed.Written - _rig.Log.Dropped - mayLack, feed.Written - _rig.Log.Dropped);
    }

    private static async Task<int> FramesAsync(string path)
    {
        var count = await Command.RunAsync(
            "ffprobe", "-v", "error", "-select_streams", "v:0", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", path);
        return int.Parse(count.Trim().Split('\n')[0].Trim(','), CultureInfo.InvariantCulture);
    }
}
