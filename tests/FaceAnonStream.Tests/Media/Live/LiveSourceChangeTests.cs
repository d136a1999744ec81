using System.Net;
using System.Net.Sockets;
using FaceAnonStream.Frames;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>A camera that becomes another one in the middle: MPEG-TS over TCP from a script of clips.</summary>
public sealed class LiveSourceChangeTests
{
    /// <summary>Luma of white and black in limited range, and how far an encoder may miss them.</summary>
    private const int White = 235;
    private const int Black = 16;
    private const int Tolerance = 6;

    [Fact]
    public async Task Read_PictureTurnsInTheMiddle_IsFittedBetweenBlackBars()
    {
        // 320x240 and 240x320 have the same number of bytes: only the pixels tell.
        await using var server = new ClipServer(
            [await ClipAsync("white-wide.ts", "320x240", "libx264"), await ClipAsync("white-tall.ts", "240x320", "libx264")]);
        await using var rig = await SourceRig.OpenAsync(server.Address);
        await rig.UntilFrameAsync(frame => Luma(frame, 4, 120) > White - Tolerance && Luma(frame, 316, 120) > White - Tolerance);
        await rig.UntilFrameAsync(frame => !SourceRig.IsSlate(frame));

        // 240x320 fits as 180x240: 70 black columns on either side.
        await rig.UntilFrameAsync(frame =>
            Luma(frame, 60, 120) < Black + Tolerance && Luma(frame, 260, 120) < Black + Tolerance
            && Luma(frame, 80, 120) > White - Tolerance && Luma(frame, 240, 5) > White - Tolerance && Luma(frame, 160, 236) > White - Tolerance);
    }

    [Fact]
    public async Task Read_CodecAndSizeChange_ComesBackWithTheNewOne()
    {
        await using var server = new ClipServer(
            [await ClipAsync("grey.ts", "320x240", "libx264", "gray"), await ClipAsync("white-mpeg2.ts", "640x360", "mpeg2video")]);
        await using var rig = await SourceRig.OpenAsync(server.Address, new LiveOptions { StallMs = 1000 });
        await rig.UntilFrameAsync(frame => Luma(frame, 160, 120) is > 100 and < 150);

        // 640x360 fits as 320x180: 30 black rows above and below.
        await rig.UntilFrameAsync(frame => Luma(frame, 160, 20) < Black + Tolerance && Luma(frame, 160, 120) > White - Tolerance);
    }

    [Fact]
    public async Task Read_PictureOutgrowsTheMemory_IsRefusedByTheDecoderAndSaysSo()
    {
        var limit = new PictureLimit(Formats.Of(320, 240).SizeBytes);
        await using var server = new ClipServer(
            [await ClipAsync("grey.ts", "320x240", "libx264", "gray"), await ClipAsync("white.ts", "640x480", "libx264")]);
        await using var rig = await SourceRig.OpenAsync(server.Address, new LiveOptions { StallMs = 1000 }, limit: limit);
        await rig.FramesAsync(10);
        await rig.UntilStateAsync(EndState.Away);
        rig.Told.Last(reason => reason.Length > 0).ShouldBe(limit.Reason);
    }

    [Fact]
    public async Task Read_GarbageInTheMiddle_GoesOn()
    {
        var clip = await ClipAsync("white-wide.ts", "320x240", "libx264");
        var garbage = new byte[200_000];
        new Random(1).NextBytes(garbage);
        await using var server = new ClipServer([clip], garbage);
        await using var rig = await SourceRig.OpenAsync(server.Address, new LiveOptions { StallMs = 1000 });
        await rig.FramesAsync(10);
        await server.GarbageSentAsync();
        await rig.UntilFrameAsync(frame => Luma(frame, 160, 120) > White - Tolerance);
        await rig.FramesAsync(60);
    }

    private static byte Luma(VideoFrame frame, int x, int y) => frame.Plane8(0).Row(y)[x];

    private static async Task<byte[]> ClipAsync(string name, string size, string codec, string color = "white")
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(name);
        string[] speed = codec == "libx264" ? ["-preset", "ultrafast", "-tune", "zerolatency"] : [];
        await Command.RunAsync(
            "ffmpeg", ["-v", "error", "-f", "lavfi", "-i", $"color={color}:s={size}:r=25:d=1", "-c:v", codec, .. speed, "-g", "5", "-pix_fmt", "yuv420p", path]);
        return await File.ReadAllBytesAsync(path);
    }

    /// <summary>Sends the first clip for three seconds, then what comes between, then the last one, over and over, to each who
    /// connects. What comes after the change is all that later connections get.</summary>
    private sealed class ClipServer : IAsyncDisposable
    {
        private readonly IReadOnlyList<byte[]> _clips;
        private readonly byte[] _between;
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _closing = new();
        private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _serving;
        private int _clipsSent;

        public ClipServer(IReadOnlyList<byte[]> clips, byte[]? between = null)
        {
            _clips = clips;
            _between = between ?? [];
            _listener.Start();
            _serving = ServeAsync();
        }

        public string Address => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public Task GarbageSentAsync() => _changed.Task.WaitAsync(SourceRig.Patience);

        public async ValueTask DisposeAsync()
        {
            await _closing.CancelAsync();
            await _serving;
            _listener.Dispose();
            _closing.Dispose();
        }

        private async Task ServeAsync()
        {
            while (!_closing.IsCancellationRequested)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                    await SendAsync(client.GetStream());
                }
                catch (Exception exception) when (exception is IOException or OperationCanceledException)
                {
                    // The viewer left, or the test is over.
                }
            }
        }

        private async Task SendAsync(NetworkStream viewer)
        {
            // The first connection is the probe's; the change comes to the one after.
            for (var n = 0; ; n++, _clipsSent++)
            {
                if (_clipsSent == 6)
                {
                    await viewer.WriteAsync(_between, _closing.Token);
                    _changed.TrySetResult();
                }

                foreach (var piece in (_clipsSent < 6 ? _clips[0] : _clips[^1]).Chunk(4096))
                {
                    await viewer.WriteAsync(piece, _closing.Token);
                    await Task.Delay(_clips[0].Length < 40_000 ? 60 : 5, _closing.Token);
                }
            }
        }
    }
}
