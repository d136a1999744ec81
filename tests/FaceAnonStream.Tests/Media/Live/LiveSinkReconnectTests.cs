using System.Globalization;
using FaceAnonStream.Live;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>Destinations that are not there, or not any more.</summary>
public sealed class LiveSinkReconnectTests : IDisposable
{
    private static readonly LiveOptions Live = new() { RetryMinMs = 50, RetryMaxMs = 500, StallMs = 1000 };
    private readonly SinkRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Write_ServerKilledAndRestarted_ComesBackAndCountsWhatWasLost()
    {
        await using var peer = await RtmpPeer.StartAsync();
        await using var sink = _rig.Open(peer.Address("key1"), Live);
        await using var feed = _rig.Feed(sink);
        await _rig.UntilUp();
        var connecting = _rig.Log.Dropped;
        peer.Kill();
        await _rig.UntilAway(2);
        _rig.Log.Dropped.ShouldBeGreaterThan(connecting);
        await peer.RestartAsync();
        var restarted = Environment.TickCount64;
        await _rig.UntilUp(2);
        (Environment.TickCount64 - restarted).ShouldBeLessThan(5000);
        var written = feed.Written;
        await _rig.Until(() => feed.Written > written + 25, "a second more is written");
        await feed.StopAsync();
        await sink.CompleteAsync(CancellationToken.None);
        var times = await Ffprobe.VideoPtsAsync(peer.Recordings[^1]);
        Seconds(times[0]).ShouldBeLessThan(0.5);
        Seconds(times[^1]).ShouldBeLessThan(10);
    }

    [Fact]
    public async Task Write_NobodyListens_DropsEveryFrameAndKeepsTrying()
    {
        await using var sink = _rig.Open($"rtmp://127.0.0.1:{FreePort.Tcp()}/live/key1", Live);
        await using var feed = _rig.Feed(sink);
        await _rig.UntilAway(3);
        await feed.StopAsync();
        _rig.Log.Count(EndState.Up).ShouldBe(0);
        _rig.Log.Words.ShouldContain("Connection refused");

        // The first picture of every attempt was given to an encoder.
        (feed.Written - _rig.Log.Dropped).ShouldBeLessThanOrEqualTo(_rig.Log.Count(EndState.Connecting));
        await sink.CompleteAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("rtmp://anna:geheim77@127.0.0.1:{0}/live/streamkey55")]
    [InlineData("rtsp://anna:geheim77@127.0.0.1:{0}/rec?token=streamkey55")]
    [InlineData("srt://127.0.0.1:{0}?passphrase=geheim77-streamkey55")]
    public async Task Write_Refused_SaysNoSecret(string address)
    {
        var target = string.Format(CultureInfo.InvariantCulture, address, FreePort.Tcp());
        await using var sink = _rig.Open(target, Live with { ConnectTimeoutMs = 2000 });
        await using var feed = _rig.Feed(sink);
        await _rig.UntilAway(2);
        await feed.StopAsync();
        _rig.Log.Words.ShouldNotBeEmpty();
        foreach (var secret in (string[])["anna", "geheim77", "streamkey55"])
        {
            _rig.Log.Words.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Write_EncoderKilled_StartsAnother()
    {
        var port = FreePort.Udp();
        await using var sink = _rig.Open($"udp://127.0.0.1:{port}", Live);
        await using var feed = _rig.Feed(sink);
        await _rig.UntilUp();
        await Children.SignalAsync("KILL", $":{port}");
        await _rig.UntilUp(2);
        _rig.Log.States.ShouldBe([EndState.Connecting, EndState.Up, EndState.Away, EndState.Connecting, EndState.Up]);
        _rig.Log.Dropped.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Write_EncoderFrozen_IsReplacedAndHoldsUpOnlyOneFrame()
    {
        var port = FreePort.Udp();
        await using var sink = _rig.Open($"udp://127.0.0.1:{port}", Live);
        var waits = 0;
        await using var feed = _rig.Feed(async frame =>
        {
            var begin = Environment.TickCount64;
            await sink.WriteAsync(frame, CancellationToken.None);
            waits += Environment.TickCount64 - begin > Live.StallMs / 2 ? 1 : 0;
        });
        await _rig.UntilUp();
        await Children.SignalAsync("STOP", $":{port}");
        await _rig.UntilUp(2);
        await feed.StopAsync();
        waits.ShouldBe(1);
        _rig.Log.Words.ShouldContain("took no picture for 1000 ms");
        Children.Of($":{port}").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Write_ServerNeverAnswers_GivesUpTheAttempt()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        await using var sink = _rig.Open($"rtsp://127.0.0.1:{port}/rec", Live with { ConnectTimeoutMs = 500 });
        await using var feed = _rig.Feed(sink);
        await _rig.UntilAway(2);
        await feed.StopAsync();
        _rig.Log.Changes.Last(change => change.State == EndState.Away).Reason.ShouldBe("no connection within 500 ms");
    }

    [Fact]
    public async Task EndOutput_SourceAway_EndsTheStreamAndTheNextFrameBeginsIt()
    {
        await using var peer = await RtspPeer.StartAsync();
        await using var sink = _rig.Open(peer.Recorder, Live);
        await using (_rig.Feed(sink))
        {
            await _rig.UntilUp();
        }

        await sink.EndOutputAsync(CancellationToken.None);
        Children.Of(peer.Recorder).ShouldBeEmpty();
        _rig.Log.States[^1].ShouldBe(EndState.Away);
        await sink.EndOutputAsync(CancellationToken.None);
        _rig.Log.Count(EndState.Away).ShouldBe(1);
        await using (_rig.Feed(sink))
        {
            await _rig.UntilUp(2);
        }

        await _rig.Until(() => peer.Recordings.Count == 2, "the server has begun another recording");
    }

    [Fact]
    public async Task Write_Cancelled_EndsAtOnceAndIsNoFault()
    {
        var port = FreePort.Udp();
        await using var sink = _rig.Open($"udp://127.0.0.1:{port}", Live with { StallMs = 600_000 });
        await using (_rig.Feed(sink))
        {
            await _rig.UntilUp();
        }

        await Children.SignalAsync("STOP", $":{port}");
        using var cancellation = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var index = 0; ; index++)
            {
                using var frame = await _rig.FrameAsync(index);
                await sink.WriteAsync(frame, cancellation.Token);
            }
        });
        cancellation.CancelAfter(TimeSpan.FromMilliseconds(500));
        await Should.ThrowAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public async Task Dispose_WithoutCompletion_LeavesNoEncoder()
    {
        var port = FreePort.Udp();
        var sink = _rig.Open($"udp://127.0.0.1:{port}", Live);
        await using (_rig.Feed(sink))
        {
            await _rig.UntilUp();
        }

        Children.Of($":{port}").Count.ShouldBe(1);
        await sink.DisposeAsync();
        Children.Of($":{port}").ShouldBeEmpty();
        await sink.DisposeAsync();
    }

    private static double Seconds(string packet) => double.Parse(packet.Split(' ')[1], CultureInfo.InvariantCulture);
}
