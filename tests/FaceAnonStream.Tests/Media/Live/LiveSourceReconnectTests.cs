using FaceAnonStream.Live;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>Sources that are lost and come back.</summary>
public sealed class LiveSourceReconnectTests
{
    private const string Password = "s3cr3t-pa55";

    [Fact]
    public async Task Read_SourceDiesAndReturns_GivesSlatesThenFramesWithoutTheSecret()
    {
        await using var peer = await RtspPeer.StartAsync(new RtspPeerOptions { Credentials = ("camera", Password) });
        await using var rig = await SourceRig.OpenAsync(peer.Camera.Replace("://", $"://camera:{Password}@", StringComparison.Ordinal));
        await rig.FramesAsync(10);
        peer.Kill();
        await rig.UntilStateAsync(EndState.Away);
        await rig.UntilFrameAsync(SourceRig.IsSlate);
        await rig.UntilStateAsync(EndState.Connecting);
        await rig.UntilStateAsync(EndState.Away);
        await peer.RestartAsync();
        await rig.UntilStateAsync(EndState.Up);
        await rig.UntilFrameAsync(frame => !SourceRig.IsSlate(frame));
        await rig.EndAsync();
        rig.Told.ShouldContain(reason => reason.Contains("Connection refused", StringComparison.Ordinal));
        rig.Told.ShouldAllBe(reason => !reason.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_SourceFreezes_StallsAndComesBack()
    {
        await using var peer = await RtspPeer.StartAsync();
        await using var rig = await SourceRig.OpenAsync(peer.Camera, new LiveOptions { StallMs = 1000, RetryMaxMs = 500 });
        await rig.FramesAsync(10);
        await peer.Process.FreezeAsync();
        await rig.UntilStateAsync(EndState.Away);
        await rig.UntilFrameAsync(SourceRig.IsSlate);
        await peer.Process.ThawAsync();
        await rig.UntilStateAsync(EndState.Up);
        await rig.UntilFrameAsync(frame => !SourceRig.IsSlate(frame));
        rig.Told.ShouldContain(reason => reason.Length > 0);
    }

    [Fact]
    public async Task Read_PublisherStopsInGoodOrder_IsAwayNotTheEnd()
    {
        var port = FreePort.Tcp();
        await using var publisher = Publisher.StartForGood("-t", "3", "-f", "mpegts", $"tcp://127.0.0.1:{port}?listen=1");
        await using var rig = await SourceRig.OpenAsync($"tcp://127.0.0.1:{port}");
        await rig.UntilStateAsync(EndState.Up);
        await rig.UntilStateAsync(EndState.Away);
        rig.Told.ShouldContain("the source ended the stream");
        await rig.UntilStateAsync(EndState.Up);
    }

    [Fact]
    public async Task Read_AwayMeansEnd_PushesOutWhatIsHeldThenIsSilent()
    {
        await using var peer = await RtspPeer.StartAsync();
        await using var rig = await SourceRig.OpenAsync(peer.Camera, new LiveOptions { WhenAway = SourceAwayPolicy.End, MaxLatencyMs = 2000 });
        await rig.FramesAsync(10);
        peer.Kill();
        await rig.UntilFrameAsync(_ => rig.Slates is var (first, last) && last - first >= 400 * 90);

        // Three seconds at least, by the waits alone.
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await rig.UntilStateAsync(EndState.Away);
        }

        await peer.RestartAsync();
        await rig.UntilFrameAsync(frame => !SourceRig.IsSlate(frame));
        (rig.Slates!.Value.Last - rig.Slates.Value.First).ShouldBeLessThan(2500 * 90);
    }

    [Fact]
    public async Task Read_NobodyReads_DropsForWantOfMemoryAndNumbersStayWhole()
    {
        await using var peer = await RtspPeer.StartAsync();
        await using var rig = await SourceRig.OpenAsync(peer.Camera, poolFrames: 3);
        await peer.Process.Until(() => Task.FromResult(rig.Drops.Contains(DropReason.NoMemory)), "a frame is dropped");
        await rig.FramesAsync(10);
    }

    [Fact]
    public async Task Read_Cancelled_EndsAtOnceAndLeavesNothing()
    {
        await using var peer = await RtspPeer.StartAsync();
        var rig = await SourceRig.OpenAsync(peer.Camera);
        await rig.FramesAsync(3);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            while (true)
            {
                (await rig.Source.ReadAsync(cancelled.Token))!.Dispose();
            }
        });
        await rig.DisposeAsync();
        var children = await Command.TryAsync("pgrep", "-f", $"ffmpeg.*{peer.Port}");
        children.Output.ShouldBe("");
    }
}
