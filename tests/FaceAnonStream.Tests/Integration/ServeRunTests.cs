using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using FaceAnonStream.Tests.Service.Metrics;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Integration;

/// <summary>The built program as a service: real cameras, models, ffmpegs, a real Prometheus and real signals.</summary>
public sealed class ServeRunTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly Uri _service = new($"http://127.0.0.1:{FreePort.Tcp()}");
    private Process? _process;

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Serve_TwoCamerasOneOfThemAway_AnonymisesTheOtherAndSaysSo()
    {
        await using var camera = await RtspPeer.StartAsync();
        var config = Write(
            $"  - name: door\n    source: {camera.Camera}\n    output: {_folder.File("door/live.m3u8")}\n"
            + $"  - name: yard\n    source: rtsp://admin:s3cret-word@127.0.0.1:{FreePort.Tcp()}/cam\n    output: {_folder.File("yard/")}\n");
        _process = Faceanon.Start("serve", config);
        var said = _process.StandardError.ReadToEndAsync();

        await UntilAsync(async () => (await StreamAsync("door"))?["vitals"]?["framesOut"]?.GetValue<long>() > 20);
        await UntilAsync(async () => (await StreamAsync("yard"))?["reason"]?.GetValue<string>().Contains("refused", StringComparison.Ordinal) == true);
        (await StreamAsync("door"))!["state"]!.GetValue<string>().ShouldBe("running");
        (await _http.GetAsync(new Uri(_service, "healthz"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _http.GetAsync(new Uri(_service, "readyz"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using (var prometheus = await PrometheusServer.StartAsync(_service))
        {
            await prometheus.UntilAsync("faceanon_frames_emitted_total{stream=\"door\"}", frames => frames > 20);
            await prometheus.UntilAsync("rate(faceanon_frames_decoded_total{stream=\"door\"}[2s])", rate => rate > 5);
        }

        // Nothing but the anonymised stream, and no secret, in a file, an answer or a line of the log.
        await Command.RunAsync("kill", "-TERM", $"{_process.Id}");
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.ExitCode.ShouldBe(0);
        (await said).ShouldNotContain("s3cret-word");
        File.Exists(_folder.File("door/live.m3u8")).ShouldBeTrue();
        (await RawClip.DecodeAsync(_folder.File("door/live.m3u8"))).Frames.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Serve_FileChangedAndHangUp_AppliesIt()
    {
        await using var camera = await RtspPeer.StartAsync();
        var door = $"  - name: door\n    source: {camera.Camera}\n    output: {_folder.File("door/")}\n    redact: {{method: solid}}\n";
        var config = Write(door);
        _process = Faceanon.Start("serve", config);
        _ = _process.StandardError.ReadToEndAsync();
        await UntilAsync(async () => (await StreamAsync("door"))?["vitals"]?["framesOut"]?.GetValue<long>() > 5);

        Write(door + $"  - name: hall\n    source: {camera.Camera}\n    output: {_folder.File("hall/")}\n    redact: {{method: solid}}\n");
        await Command.RunAsync("kill", "-HUP", $"{_process.Id}");
        await UntilAsync(async () => (await StreamAsync("hall"))?["vitals"]?["framesOut"]?.GetValue<long>() > 5);
        (await StreamAsync("door"))!["restarts"]!.GetValue<long>().ShouldBe(0);
        await Command.RunAsync("kill", "-TERM", $"{_process.Id}");
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.ExitCode.ShouldBe(0);
        Directory.GetFiles(_folder.File("hall"), "*.mkv").ShouldHaveSingleItem();
    }

    private string Write(string streams) => _folder.Write(
        "service.yaml", System.Text.Encoding.UTF8.GetBytes($"service:\n  listen: {_service.Authority}\nredact:\n  method: mosaic\nstreams:\n{streams}"));

    /// <summary>What the service says of a stream; null while there is no answer.</summary>
    private async Task<JsonNode?> StreamAsync(string name)
    {
        try
        {
            return JsonNode.Parse(await _http.GetStringAsync(new Uri(_service, $"api/v1/streams/{name}")));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            _process!.HasExited.ShouldBeFalse("the service ended");
            await Task.Delay(100, patience.Token);
        }
    }
}
