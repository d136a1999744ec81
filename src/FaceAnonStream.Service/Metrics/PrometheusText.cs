using System.Globalization;
using System.Text;

namespace FaceAnonStream.Service.Metrics;

/// <summary>Writes metrics in Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).</summary>
internal static class PrometheusText
{
    public static void Write(StringBuilder text, MetricFamily family)
    {
        text.Append("# HELP ").Append(family.Name).Append(' ');
        Escape(text, family.Help, quotes: false);
        text.Append("\n# TYPE ").Append(family.Name).Append(' ').Append(Word(family.Kind)).Append('\n');
        foreach (var sample in family.Samples)
        {
            WriteLine(text, family.Name, "", sample.Labels, null, sample.Value);
        }

        foreach (var histogram in family.Histograms)
        {
            Write(text, family.Name, histogram);
        }
    }

    private static void Write(StringBuilder text, string name, HistogramSample histogram)
    {
        var count = 0L;
        for (var i = 0; i < histogram.Counts.Length; i++)
        {
            count += histogram.Counts[i];
            var end = i < histogram.Boundaries.Count ? histogram.Boundaries[i] : double.PositiveInfinity;
            WriteLine(text, name, "_bucket", histogram.Labels, end, count);
        }

        WriteLine(text, name, "_sum", histogram.Labels, null, histogram.Sum);
        WriteLine(text, name, "_count", histogram.Labels, null, count);
    }

    private static void WriteLine(StringBuilder text, string name, string part, LabelSet labels, double? end, double value)
    {
        text.Append(name).Append(part);
        var separator = '{';
        foreach (var (key, label) in labels.Tags)
        {
            text.Append(separator).Append(PrometheusName.Label(key)).Append("=\"");
            Escape(text, LabelSet.Text(label), quotes: true);
            text.Append('"');
            separator = ',';
        }

        if (end is { } le)
        {
            text.Append(separator).Append("le=\"").Append(Number(le)).Append('"');
            separator = ',';
        }

        text.Append(separator == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static void Escape(StringBuilder text, string value, bool quotes)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(c),
            };
        }
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Word(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };
}
