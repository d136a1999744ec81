using System.Diagnostics.Metrics;
using System.Text;

namespace FaceAnonStream.Service.Metrics;

/// <summary>Names as Prometheus' naming rules want them: base units and, for counters, <c>_total</c> at the end.</summary>
internal static class PrometheusName
{
    public static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
    }

    /// <param name="instrument">Name of the instrument, parts joined by dots.</param>
    /// <param name="unit">Its unit in UCUM's spelling; what is in braces is a remark.</param>
    /// <param name="kind">What it counts.</param>
    public static string Of(string instrument, string? unit, MetricKind kind)
    {
        var name = Allowed(instrument, colons: true);
        name = unit switch
        {
            "s" => WithEnd(name, "_seconds"),
            "By" => WithEnd(name, "_bytes"),
            _ => name,
        };
        return kind == MetricKind.Counter ? WithEnd(name, "_total") : name;
    }

    /// <summary>A label's name.</summary>
    public static string Label(string key) => Allowed(key, colons: false);

    private static string WithEnd(string name, string end) => name.EndsWith(end, StringComparison.Ordinal) ? name : name + end;

    private static string Allowed(string name, bool colons)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            if (text.Length == 0 && char.IsAsciiDigit(c))
            {
                text.Append('_');
            }

            text.Append(char.IsAsciiLetterOrDigit(c) || c == '_' || (colons && c == ':') ? c : '_');
        }

        return text.Length == 0 ? "_" : text.ToString();
    }
}
