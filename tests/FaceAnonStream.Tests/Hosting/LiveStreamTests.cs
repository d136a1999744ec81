using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

/// <summary>A whole stream with a real camera, real ffmpegs and the embedded models.</summary>
public sealed class LiveStreamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly StreamTelemetry _telemetry = new("live-stream-tests", TimeProvider.System);
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _abort = new(Patience);
    private readonly EndEvents _ends = new();
    private readonly FaceAnonOptions _options = FaceAnonOptions.LiveDefaults with
    {
        Redact = new RedactOptions { Method = RedactionMethod.Mosaic },
    };

    public void Dispose()
    {
        _telemetry.Dispose();
        _ending.Dispose();
        _abort.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_CameraUntilEnded_WritesEveryFrameAndSaysSo()
    {
        await using var camera = await RtspPeer.StartAsync();
        var output = _folder.File("out.mp4");
        await using var models = Models(_options);
        await using var stream = Stream(camera.Camera, output, models, FirstConnection.Once, _options);
        var running = stream.RunAsync(_ending.Token, _abort.Token);
        await FramesAsync(stream, 30, running);
        await _ending.CancelAsync();
        var report = await running;
        report.Frames.Emitted.ShouldBe(report.Frames.Decoded);
        report.Dropped.SinkAway.ShouldBe(0);
        report.Outcomes.Total().ShouldBe(report.Frames.Emitted);
        report.LatencyMs.ShouldNotBeNull().P50.ShouldBeGreaterThanOrEqualTo(_options.Track.LookAheadMs - 50);
        (report.Width, report.Height).ShouldBe((320, 240));
        report.LookAheadMs.ShouldBe(400);
        _ends.Shortened.ShouldBeNull();
        (await RawClip.DecodeAsync(output)).Frames.Count.ShouldBe((int)report.Frames.Emitted);
    }

    [Fact]
    public async Task Run_FrameMemoryTooShortForTheLookAhead_TellsWhatIsLeftOfIt()
    {
        await using var camera = await RtspPeer.StartAsync();
        var options = _options with { Media = _options.Media with { FrameMemoryMb = 1 } };
        await using var models = Models(options);
        await using var stream = Stream(camera.Camera, _folder.File("out.mp4"), models, FirstConnection.Once, options);
        stream.Vitals.LookAheadMs.ShouldBeNull();
        var running = stream.RunAsync(_ending.Token, _abort.Token);
        await FramesAsync(stream, 5, running);
        await _ending.CancelAsync();
        var given = (await running).LookAheadMs.ShouldNotBeNull();
        given.ShouldBeLessThan(400);
        stream.Vitals.LookAheadMs.ShouldBe(given);
        _ends.Shortened.ShouldBe((given, 400));
    }

    [Fact]
    public async Task Run_NoCameraAndSomebodyWaits_FailsWithTheReason()
    {
        var address = $"rtsp://admin:s3cret-word@127.0.0.1:{FreePort.Tcp()}/cam";
        await using var models = Models(_options);
        await using var stream = Stream(address, _folder.File("out.mp4"), models, FirstConnection.Once, _options);
        var fault = await Should.ThrowAsync<FaultException>(() => stream.RunAsync(_ending.Token, _abort.Token));
        fault.Origin.ShouldBe(FaultOrigin.Source);
        fault.Message.ShouldContain("refused");
        fault.Message.ShouldNotContain("s3cret-word");
        _folder.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_CameraThatComesUpLater_IsWaitedFor()
    {
        await using var camera = await RtspPeer.StartAsync();
        camera.Kill();
        await using var models = Models(_options);
        await using var stream = Stream(camera.Camera, _folder.File("out.mp4"), models, FirstConnection.UntilMade, _options);
        var running = stream.RunAsync(_ending.Token, _abort.Token);
        await _ends.NextAsync(StreamEnd.Source, EndState.Away).WaitAsync(Patience);
        stream.Vitals.Problem.ShouldNotBeNull().ShouldContain("refused");
        await camera.RestartAsync();
        await FramesAsync(stream, 5, running);
        stream.Vitals.Problem.ShouldBeNull();
        await _ending.CancelAsync();
        (await running).Frames.Emitted.ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task Run_EndedBeforeTheFirstConnection_EndsWithoutOutput()
    {
        await using var models = Models(_options);
        await using var stream = Stream($"rtsp://127.0.0.1:{FreePort.Tcp()}/cam", _folder.File("out.mp4"), models, FirstConnection.UntilMade, _options);
        var away = _ends.NextAsync(StreamEnd.Source, EndState.Away);
        var running = stream.RunAsync(_ending.Token, _abort.Token);
        await away.WaitAsync(Patience);
        await _ending.CancelAsync();
        (await running).Frames.ShouldBe(new FrameCounts(0, 0));
        _folder.Names.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SourceAwayPolicy.Slate, 1)]
    [InlineData(SourceAwayPolicy.End, 2)]
    public async Task Run_SourceAway_OutputDoesWhatWasAskedFor(SourceAwayPolicy policy, int recordings)
    {
        await using var camera = await RtspPeer.StartAsync();
        var options = _options with { Live = _options.Live with { WhenAway = policy } };
        await using var models = Models(options);
        await using var stream = Stream(camera.Camera, _folder.Root + "/rec/", models, FirstConnection.Once, options);
        var running = stream.RunAsync(_ending.Token, _abort.Token);
        await FramesAsync(stream, 30, running);
        var away = _ends.NextAsync(StreamEnd.Source, EndState.Away);
        var ended = policy == SourceAwayPolicy.End ? _ends.NextAsync(StreamEnd.Sink, EndState.Away) : Task.CompletedTask;
        camera.Kill();
        await away.WaitAsync(Patience);
        await ended.WaitAsync(Patience);
        if (policy == SourceAwayPolicy.Slate)
        {
            await FramesAsync(stream, stream.Vitals.FramesOut + 5, running);
        }

        await camera.RestartAsync();
        await _ends.NextAsync(StreamEnd.Source, EndState.Up).WaitAsync(Patience);
        await FramesAsync(stream, stream.Vitals.FramesOut + 30, running);
        await _ending.CancelAsync();
        var report = await running;
        report.Reconnects.Source.ShouldBe(1);
        var files = Directory.GetFiles(_folder.File("rec"), "*.mkv");
        files.Length.ShouldBe(recordings, string.Join(", ", files));
        foreach (var file in files)
        {
            (await RawClip.DecodeAsync(file)).Frames.Count.ShouldBeGreaterThan(20);
        }
    }

    [Fact]
    public async Task Preview_Opened_ShowsTheAnonymisedOutput()
    {
        await using var camera = await RtspPeer.StartAsync();
        await using var models = Models(_options);
        await using var stream = Stream(camera.Camera, $"udp://127.0.0.1:{FreePort.Tcp()}", models, FirstConnection.Once, _options);
        stream.Preview.ShouldBeNull();
        var running = stream.RunAsync(_ending.Token, _abort.Token);
        await FramesAsync(stream, 5, running);
        var preview = stream.Preview.ShouldNotBeNull();
        Stream? playlist = null;
        await ConditionAsync(() => (playlist = preview.Open("index.m3u8")) is not null, running);
        using var text = new StreamReader(playlist!);
        (await text.ReadToEndAsync()).ShouldStartWith("#EXTM3U");
        await _ending.CancelAsync();
        await running;
    }

    private static LiveModels Models(FaceAnonOptions options) => new(
        new ModelCatalog(new ModelFolders([])), new ModelPaths(null, null, null), keyPath: null, options, TimeProvider.System);

    private LiveStream Stream(string source, string output, LiveModels models, FirstConnection first, FaceAnonOptions options) => new(
        new StreamConfiguration { Name = "test", Source = Endpoint.Source(source), Output = Endpoint.Sink(output), Options = options },
        models,
        _telemetry,
        TimeProvider.System,
        first,
        _ends);

    private static Task FramesAsync(LiveStream stream, long frames, Task running) => ConditionAsync(() => stream.Vitals.FramesOut >= frames, running);

    private static async Task ConditionAsync(Func<bool> condition, Task running)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (running.IsCompleted)
            {
                await running;
                throw new InvalidOperationException("the stream ended");
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
