using System.Text;
using FaceAnonStream.Service;

namespace FaceAnonStream.Tests.Service.Metrics;

/// <summary>Reads a page as Prometheus would.</summary>
internal static class Scrape
{
    public static async Task<string> TextAsync(IMetricsPage page)
    {
        using var body = new MemoryStream();
        await page.WriteAsync(body, CancellationToken.None);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    /// <summary>One stream's series, by name and what other labels they have.</summary>
    public static Dictionary<string, double> Of(IMetricsPage page, string stream) =>
        TextFormat.Parse(TextAsync(page).GetAwaiter().GetResult())
            .Where(line => line.Labels.Remove("stream", out var name) && name == stream)
            .ToDictionary(Key, line => line.Value);

    private static string Key(SampleLine line) =>
        line.Labels.Count == 0 ? line.Name : $"{line.Name}{{{string.Join(',', line.Labels.Select(label => $"{label.Key}=\"{label.Value}\""))}}}";
}
