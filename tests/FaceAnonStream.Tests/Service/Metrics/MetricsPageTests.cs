using System.Diagnostics;
using FaceAnonStream.Detection;
using FaceAnonStream.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Service.Metrics;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Telemetry.Receipts;

namespace FaceAnonStream.Tests.Service.Metrics;

public sealed class MetricsPageTests : IDisposable
{
    private readonly MetricsPage _page = new();

    public void Dispose() => _page.Dispose();

    [Fact]
    public async Task Write_BusyStream_SatisfiesPromtool()
    {
        using var stream = BusyStream.Start("promtool");
        var promtool = PrometheusPrograms.Promtool;
        var start = new ProcessStartInfo(promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(await Scrape.TextAsync(_page));
        process.StandardInput.Close();
        var said = await process.StandardError.ReadToEndAsync() + await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        (process.ExitCode, said.Trim()).ShouldBe((0, ""));
    }

    [Fact]
    public void Write_Stream_ShowsWhatHappenedToIt()
    {
        using var stream = BusyStream.Start("shown");
        var series = Scrape.Of(_page, stream.Name);
        series["faceanon_frames_decoded_total"].ShouldBe(BusyStream.Frames + 2);
        series["faceanon_frames_emitted_total"].ShouldBe(BusyStream.Frames - 1);
        series["faceanon_frames_dropped_total{reason=\"backlog\",stage=\"demux\"}"].ShouldBe(1);
        series["faceanon_frames_dropped_total{reason=\"sink_away\",stage=\"mux\"}"].ShouldBe(1);
        series["faceanon_faces_fallen_total{reason=\"too_small\"}"].ShouldBe(BusyStream.Frames);
        series["faceanon_reconnects_total{end=\"source\"}"].ShouldBe(1);
        series["faceanon_end_state{end=\"source\",state=\"up\"}"].ShouldBe(1);
        series["faceanon_end_state{end=\"source\",state=\"away\"}"].ShouldBe(0);
        series["faceanon_model_info{model=\"face.onnx\",provider=\"CPU\",task=\"detection\"}"].ShouldBe(1);
        series["faceanon_added_latency_seconds_count"].ShouldBe(BusyStream.Frames);
        series["faceanon_added_latency_seconds_bucket{le=\"0.425\"}"].ShouldBe(BusyStream.Frames / 2);
        series["faceanon_added_latency_seconds_bucket{le=\"0.475\"}"].ShouldBe(BusyStream.Frames);
    }

    [Fact]
    public async Task Write_Process_ShowsMemoryAndVersion()
    {
        var lines = TextFormat.Parse(await Scrape.TextAsync(_page));
        lines.Single(line => line.Name == "faceanon_build_info").Labels["version"].ShouldMatch(@"^\d+\.\d+\.\d+");
        lines.Single(line => line.Name == "dotnet_process_memory_working_set_bytes").Value.ShouldBeGreaterThan(10e6);
        lines.ShouldContain(line => line.Name == "dotnet_gc_collections_total");
    }

    [Fact]
    public void Write_DisposedStream_ShowsItNoLonger()
    {
        var stream = BusyStream.Start("gone");
        Scrape.Of(_page, stream.Name).Count.ShouldBeGreaterThan(50);
        stream.Dispose();
        Scrape.Of(_page, stream.Name).ShouldBeEmpty();
        stream.Booked(Frame(99, 1, OutcomeKind.NoFace));
        Scrape.Of(_page, stream.Name).ShouldBeEmpty();
    }

    [Fact]
    public void Write_StreamOfTheSameNameBeginsBeforeTheOldOneEnds_ShowsTheNewOne()
    {
        var old = BusyStream.Start("twice");
        using var next = new StreamTelemetry(old.Name, TimeProvider.System);
        next.FrameDecoded();
        Scrape.Of(_page, old.Name)["faceanon_frames_decoded_total"].ShouldBe(1);
        old.Dispose();
        Scrape.Of(_page, old.Name)["faceanon_frames_decoded_total"].ShouldBe(1);
    }

    [Theory]
    [InlineData("\"} 1\nfaceanon_fake_total 7\n# \\")]
    [InlineData("line\nline\\n\"quoted\"{a=\"b\"}")]
    [InlineData("ünïcödé 顔 \u0001")]
    public async Task Write_HostileNames_StayInsideTheirLabels(string name)
    {
        using var stream = new StreamTelemetry(name, TimeProvider.System);
        stream.Uses(InferenceTask.Detection, new ModelIdentity(name, "0", "CPU"));
        stream.Booked(Frame(0, 1, OutcomeKind.NoFace));
        var lines = TextFormat.Parse(await Scrape.TextAsync(_page));
        lines.ShouldNotContain(line => line.Name == "faceanon_fake_total");
        lines.Count(line => line.Labels.GetValueOrDefault("stream") == name).ShouldBeGreaterThan(30);
        lines.Single(line => line.Name == "faceanon_model_info" && line.Labels["stream"] == name).Labels["model"].ShouldBe(name);
    }

    [Fact]
    public async Task Write_WhileStreamsWorkAndComeAndGo_LosesNoValue()
    {
        const int Writers = 4, Values = 20_000;
        using var stream = new StreamTelemetry($"concurrent-{Guid.NewGuid():n}", TimeProvider.System);
        var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            var meter = stream.Meter(StageName.Blend);
            for (var i = 0; i < Values; i++)
            {
                meter.Worked(meter.Start(), 0);
                stream.FrameDecoded();
            }
        })).ToList();
        var comings = Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var guest = BusyStream.Start("guest");
            }
        });
        var previous = 0.0;
        while (!Task.WhenAll(writers).IsCompleted)
        {
            var pages = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Scrape.Of(_page, stream.Name))));
            foreach (var series in pages)
            {
                series.GetValueOrDefault("faceanon_stage_duration_seconds_bucket{le=\"+Inf\",stage=\"blend\"}")
                    .ShouldBe(series.GetValueOrDefault("faceanon_stage_duration_seconds_count{stage=\"blend\"}"));
            }

            var decoded = pages.Max(series => series["faceanon_frames_decoded_total"]);
            decoded.ShouldBeGreaterThanOrEqualTo(previous);
            previous = decoded;
        }

        await Task.WhenAll([.. writers, comings]);
        var last = Scrape.Of(_page, stream.Name);
        last["faceanon_frames_decoded_total"].ShouldBe(Writers * Values);
        last["faceanon_stage_duration_seconds_count{stage=\"blend\"}"].ShouldBe(Writers * Values);
    }

    [Fact]
    public async Task Write_MoreSeriesThanAllowed_CountsTheRest()
    {
        using var page = new MetricsPage(maxSeries: 20);
        using var stream = BusyStream.Start("crowded");
        var lines = TextFormat.Parse(await Scrape.TextAsync(page));
        lines.Select(line => (line.Name, string.Join(',', line.Labels.Where(label => label.Key != "le")))).Distinct().Count().ShouldBeLessThan(70);
        lines.Single(line => line.Name == "faceanon_metrics_refused_total").Value.ShouldBeGreaterThan(0);
    }
}

/// <summary>With hundreds of streams nobody else's are shown: alone.</summary>
[Collection(nameof(CrowdedStreamsTests))]
[CollectionDefinition(nameof(CrowdedStreamsTests), DisableParallelization = true)]
public sealed class CrowdedStreamsTests
{
    [Fact]
    public async Task Write_TooManyStreams_ShowsSoManyAndCountsTheRest()
    {
        using var page = new MetricsPage();
        var streams = Enumerable.Range(0, 300).Select(i => BusyStream.Start($"many-{i}")).ToList();
        try
        {
            var lines = TextFormat.Parse(await Scrape.TextAsync(page));
            foreach (var name in (string[])["faceanon_frames_decoded_total", "faceanon_added_latency_seconds_count"])
            {
                lines.Count(line => line.Name == name).ShouldBe(256);
            }

            lines.Single(line => line.Name == "faceanon_streams_unlisted").Value.ShouldBe(300 - 256);
            lines.Single(line => line.Name == "faceanon_metrics_refused_total").Value.ShouldBe(0);
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }

        TextFormat.Parse(await Scrape.TextAsync(page)).ShouldNotContain(line => line.Labels.ContainsKey("stream"));
    }
}
