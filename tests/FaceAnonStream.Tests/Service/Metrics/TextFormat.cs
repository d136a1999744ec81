using System.Globalization;
using System.Text;

namespace FaceAnonStream.Tests.Service.Metrics;

/// <summary>One line of the text format.</summary>
internal sealed record SampleLine(string Name, SortedDictionary<string, string> Labels, double Value);

/// <summary>Reads Prometheus' text format as its documentation says, and nothing more leniently.</summary>
internal static class TextFormat
{
    public static IReadOnlyList<SampleLine> Parse(string text)
    {
        text.ShouldEndWithLineFeed();
        return [.. text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#')).Select(Line)];
    }

    private static SampleLine Line(string line)
    {
        var at = line.IndexOfAny(['{', ' ']);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var name = line[..at];
        if (line[at] == '{')
        {
            do
            {
                var equals = line.IndexOf('=', at);
                var key = line[(at + 1)..equals];
                at = equals + 2;
                var value = new StringBuilder();
                for (; line[at] != '"'; at++)
                {
                    value.Append(line[at] != '\\' ? line[at] : line[++at] == 'n' ? '\n' : line[at]);
                }

                labels.Add(key, value.ToString());
                at++;
            }
            while (line[at] == ',');
            if (line[at++] != '}')
            {
                throw new FormatException(line);
            }
        }

        var number = line[(at + 1)..];
        return new SampleLine(name, labels, number switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(number, CultureInfo.InvariantCulture),
        });
    }

    private static void ShouldEndWithLineFeed(this string text)
    {
        if (!text.EndsWith('\n'))
        {
            throw new FormatException("the last line has no end");
        }
    }
}
