using FaceAnonStream.Service.Metrics;
using FaceAnonStream.Telemetry;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Service.Metrics;

/// <summary>What a real Prometheus server makes of the page.</summary>
public sealed class PrometheusScrapeTests
{
    [Fact]
    public async Task Query_ScrapedPage_GivesTrueValues()
    {
        using var page = new MetricsPage();
        using var stream = BusyStream.Start("scraped");
        using var hostile = new StreamTelemetry("a \"b\"\\\n{c}", TimeProvider.System);
        await using var prometheus = await PrometheusServer.StartAsync(page);
        string Of(string name, string labels = "") => $"{name}{{stream=\"{stream.Name}\"{labels}}}";

        await prometheus.UntilAsync(Of("faceanon_frames_decoded_total"), value => value == BusyStream.Frames + 2);
        (await prometheus.QueryAsync(Of("faceanon_frames_dropped_total", ", stage=\"mux\", reason=\"sink_away\""))).ShouldBe([1]);
        (await prometheus.QueryAsync(Of("faceanon_end_state", ", state=\"up\""))).ShouldBe([1, 1]);

        // Half of the frames are in the bucket up to 0.425 s, half in the next but one, up to 0.475 s.
        (await prometheus.QueryAsync($"histogram_quantile(0.5, {Of("faceanon_added_latency_seconds_bucket")})")).ShouldBe([0.425]);
        (await prometheus.QueryAsync($"histogram_quantile(0.75, {Of("faceanon_added_latency_seconds_bucket")})"))[0].ShouldBe(0.4625, 1e-9);
        (await prometheus.QueryAsync($"{Of("faceanon_added_latency_seconds_sum")} / {Of("faceanon_added_latency_seconds_count")}"))[0].ShouldBe(0.435, 1e-9);
        (await prometheus.QueryAsync("faceanon_frames_decoded_total{stream=\"a \\\"b\\\"\\\\\\n{c}\"}")).ShouldBe([0]);

        stream.FrameDecoded();
        await prometheus.UntilAsync($"resets({Of("faceanon_frames_decoded_total")}[1m])", value => value == 0);
        await prometheus.UntilAsync($"rate({Of("faceanon_frames_decoded_total")}[1m])", value => value > 0);
        var name = stream.Name;
        stream.Dispose();
        await prometheus.UntilAsync($"count({{stream=\"{name}\"}}) or vector(0)", value => value == 0);
    }
}
