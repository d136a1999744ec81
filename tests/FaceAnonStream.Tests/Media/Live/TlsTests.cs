using System.Globalization;
using FaceAnonStream.Faults;
using FaceAnonStream.Live;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Tests.Kit.Peers;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>Peers that are not who they should be.</summary>
public sealed class TlsTests : IAsyncDisposable
{
    private readonly TlsPeer _peer = new();

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    [Theory]
    [InlineData("https://127.0.0.1:{0}/live.ts")]
    [InlineData("https://127.0.0.1:{0}/live.m3u8")]
    [InlineData("rtmps://127.0.0.1:{0}/live/camera")]
    public async Task Probe_CertificateThatNobodyTrusts_IsRefusedUnlessAllAreTaken(string address)
    {
        (await RefusedAsync(address, new LiveOptions())).ShouldEndWith(": Peer certificate failed verification");
        _peer.Heard.ShouldBe(0);
        (await RefusedAsync(address, new LiveOptions { TlsPeers = TlsPeers.Any })).ShouldNotContain("certificate");
        _peer.Heard.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(TlsPeers.Trusted, 0)]
    [InlineData(TlsPeers.Any, 1)]
    public async Task Write_CertificateThatNobodyTrusts_IsRefusedUnlessAllAreTaken(TlsPeers peers, int heard)
    {
        using var rig = new SinkRig();
        await using var sink = rig.Open(Address("rtmps://127.0.0.1:{0}/live/key"), new LiveOptions { RetryMinMs = 50, TlsPeers = peers });
        await using var feed = rig.Feed(sink);
        await rig.UntilAway();
        rig.Log.Words.Contains("Peer certificate failed verification", StringComparison.Ordinal).ShouldBe(heard == 0);
        _peer.Heard.ShouldBe(heard);
    }

    private string Address(string pattern) => string.Format(CultureInfo.InvariantCulture, pattern, _peer.Port);

    private async Task<string> RefusedAsync(string pattern, LiveOptions live)
    {
        var fault = await Should.ThrowAsync<FaultException>(() => LiveProbe.ProbeAsync(
            Endpoint.Source(Address(pattern)), live, new MediaOptions(), SourceRig.Limit, TimeProvider.System, CancellationToken.None));
        return fault.Message;
    }
}
