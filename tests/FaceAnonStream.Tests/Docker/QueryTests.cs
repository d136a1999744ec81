using System.Text.Json;
using System.Text.RegularExpressions;
using FaceAnonStream.Service.Metrics;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Service.Metrics;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Docker;

/// <summary>Dashboard and rules ask for what the program exports, in a language that Prometheus understands.</summary>
public sealed partial class QueryTests
{
    [Fact]
    public async Task Rules_SatisfyPromtoolAndTheirTests()
    {
        await Command.RunAsync(PrometheusPrograms.Promtool, "check", "rules", DockerFolder.File("rules/faceanon.yml"));
        await Command.RunAsync(PrometheusPrograms.Promtool, "test", "rules", DockerFolder.File("rules/faceanon.test.yml"));
        await Command.RunAsync(PrometheusPrograms.Promtool, "check", "config", "--syntax-only", DockerFolder.File("prometheus.yml"));
    }

    [Fact]
    public void Rules_EachSaysWhatItMeansAndWhatToDo_AndIsTested()
    {
        var rules = Rules().ToList();
        rules.Count.ShouldBeGreaterThan(10);
        var tests = DockerFolder.Read("rules/faceanon.test.yml");
        foreach (var rule in rules)
        {
            var notes = (Dictionary<object, object>)rule["annotations"];
            notes.Keys.ShouldBe(["summary", "description", "runbook"]);
            tests.ShouldContain($"alertname=\"{rule["alert"]}\"");
            tests.ShouldContain($"alertname: {rule["alert"]} }}");
        }
    }

    [Fact]
    public async Task Queries_NameWhatIsExported()
    {
        using var page = new MetricsPage();
        using var stream = BusyStream.Start("exported");
        var exported = TextFormat.Parse(await Scrape.TextAsync(page)).Select(line => line.Name).ToHashSet();
        var labels = TextFormat.Parse(await Scrape.TextAsync(page)).SelectMany(line => line.Labels.Keys).Append("instance").Append("job").ToHashSet();
        var queries = Queries(Dashboard()).Concat(Rules().Select(rule => (string)rule["expr"])).ToList();
        queries.Count.ShouldBeGreaterThan(40);
        queries.SelectMany(query => Metric().Matches(query).Select(match => match.Value)).Except(exported).ShouldBeEmpty();
        queries.SelectMany(query => Grouping().Matches(query).SelectMany(match => match.Groups[1].Value.Split(", "))).Except(labels).ShouldBeEmpty();
        Metric().Matches(DockerFolder.Read("rules/faceanon.test.yml")).Select(match => match.Value).Except(exported).ShouldBeEmpty();
    }

    [Fact]
    public async Task Queries_OfTheDashboard_GiveSeries()
    {
        using var page = new MetricsPage();
        using var stream = BusyStream.Start("drawn");
        await using var prometheus = await PrometheusServer.StartAsync(page, DockerFolder.File("rules/faceanon.yml"));
        await prometheus.UntilAsync($"count_over_time(faceanon_stream_running{{stream=\"{stream.Name}\"}}[1m])", scrapes => scrapes >= 3);
        GC.Collect();
        foreach (var query in Queries(Dashboard()))
        {
            await prometheus.UntilAnyAsync(query
                .Replace("$stream", "drawn-.*", StringComparison.Ordinal)
                .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
                .Replace("$__range", "1m", StringComparison.Ordinal));
        }

        foreach (var rule in Rules())
        {
            await prometheus.QueryAsync((string)rule["expr"]);
        }
    }

    [Fact]
    public void Panels_HaveNumbersPlacesAndWords()
    {
        var panels = Dashboard().GetProperty("panels").EnumerateArray().ToList();
        panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        foreach (var panel in panels.Where(panel => panel.GetProperty("type").GetString() != "row"))
        {
            panel.GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
            panel.GetProperty("datasource").GetProperty("uid").GetString().ShouldBe("prometheus");
            var place = panel.GetProperty("gridPos");
            (place.GetProperty("x").GetInt32() + place.GetProperty("w").GetInt32()).ShouldBeLessThanOrEqualTo(24);
        }
    }

    private static JsonElement Dashboard() => JsonDocument.Parse(DockerFolder.Read("grafana/dashboards/faceanon.json")).RootElement;

    private static IEnumerable<string> Queries(JsonElement dashboard) =>
        dashboard.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!);

    private static IEnumerable<Dictionary<object, object>> Rules() =>
        from Dictionary<object, object> rules in (List<object>)DockerFolder.Yaml("rules/faceanon.yml")["groups"]
        from Dictionary<object, object> rule in (List<object>)rules["rules"]
        select rule;

    [GeneratedRegex(@"\b(?:faceanon|dotnet)_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\b(?:by|on|ignoring|without) \(([^)]+)\)")]
    private static partial Regex Grouping();
}
