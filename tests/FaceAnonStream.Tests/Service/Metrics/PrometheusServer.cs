using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FaceAnonStream.Service;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Kit.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Tests.Service.Metrics;

/// <summary>A real Prometheus that scrapes a page which a real web server serves, all on free ports of the loopback.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly WebApplication? _web;
    private readonly Process _process;
    private readonly Task<string> _said;

    private PrometheusServer(Uri target, WebApplication? web, string rules)
    {
        _web = web;
        var port = FreePort.Tcp();
        var config = $"""
            global: {"{"}scrape_interval: 200ms, scrape_timeout: 200ms, evaluation_interval: 1s{"}"}
            rule_files: [{rules}]
            scrape_configs:
              - job_name: faceanon
                static_configs: [{"{"}targets: ["{target.Authority}"]{"}"}]
            """;
        File.WriteAllText(_folder.File("prometheus.yml"), config);
        _http.BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/");
        _process = Command.Start(
            PrometheusPrograms.Server,
            [
                $"--config.file={_folder.File("prometheus.yml")}", $"--storage.tsdb.path={_folder.File("data")}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            ]);
        _said = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Starts both and waits for the first scrape.</summary>
    /// <param name="page">What is scraped.</param>
    /// <param name="rules">A file of alert rules; none when empty.</param>
    public static async Task<PrometheusServer> StartAsync(IMetricsPage page, string rules = "")
    {
        _ = PrometheusPrograms.Server;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        web.MapGet("/metrics", (HttpContext context) =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            return page.WriteAsync(context.Response.Body, context.RequestAborted);
        });
        await web.StartAsync();
        return await StartAsync(new PrometheusServer(new Uri(web.Urls.Single()), web, rules));
    }

    /// <summary>Starts one that scrapes a server which runs already, and waits for the first scrape.</summary>
    public static Task<PrometheusServer> StartAsync(Uri target)
    {
        _ = PrometheusPrograms.Server;
        return StartAsync(new PrometheusServer(target, web: null, rules: ""));
    }

    private static async Task<PrometheusServer> StartAsync(PrometheusServer server)
    {
        try
        {
            await server.UntilAsync("up{job=\"faceanon\"}", value => value == 1);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The values of every series that a query gives.</summary>
    public async Task<IReadOnlyList<double>> QueryAsync(string query)
    {
        using var response = await _http.GetAsync($"query?query={Uri.EscapeDataString(query)}");
        var body = await response.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(body);
        if (json.RootElement.GetProperty("status").GetString() != "success")
        {
            throw new InvalidOperationException($"{query}: {body}");
        }

        return
        [
            .. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
                .Select(series => series.GetProperty("value")[1].GetString()!)
                .Select(value => value.EndsWith("Inf", StringComparison.Ordinal) ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>Asks until a query gives one series of a value that is looked for.</summary>
    public Task UntilAsync(string query, Predicate<double> wanted) => WaitAsync(query, values => values.Count == 1 && wanted(values[0]));

    /// <summary>Asks until a query gives any series.</summary>
    public Task UntilAnyAsync(string query) => WaitAsync(query, values => values.Count > 0);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _said;
        _process.Dispose();
        _http.Dispose();
        await (_web?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    private async Task WaitAsync(string query, Predicate<IReadOnlyList<double>> wanted)
    {
        var start = TimeProvider.System.GetTimestamp();
        IReadOnlyList<double> values = [];
        while (TimeProvider.System.GetElapsedTime(start) < Deadline)
        {
            try
            {
                values = await QueryAsync(query);
                if (wanted(values))
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or JsonException && !_process.HasExited)
            {
                // It is still starting.
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"{query} gives {string.Join(' ', values)}");
    }
}
