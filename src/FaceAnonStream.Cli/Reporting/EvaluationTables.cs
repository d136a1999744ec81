using System.Globalization;
using FaceAnonStream.Evaluation.Metrics;
using FaceAnonStream.Evaluation.Reporting;
using Spectre.Console;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>What was measured, for people.</summary>
internal static class EvaluationTables
{
    private const string Unknown = "-";

    public static void Write(TextWriter output, EvaluationReport report)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        output.WriteLine(Text($"{report.Clips} clips, {report.Frames} frames, {report.Coverage.Faces} faces in {report.Tracks} tracks"));
        if (report.Identity.Count > 0)
        {
            output.WriteLine(Text($"{report.People} people in the {report.RecognizedTracks} tracks that are long and large enough to be recognised"));
            console.Write(Identity(report.Identity));
        }
        else if (report.Recognizers.Count > 0)
        {
            output.WriteLine(Text($"{report.People} people to be recognised: too few to compare"));
        }

        console.Write(Groups(report));
    }

    private static Table Identity(IReadOnlyList<IdentityMeasure> measures)
    {
        var table = Empty("RECOGNISER", "MATCH", "RANK-1", "CHANCE", "COSINE", "AUC");
        foreach (var measure in measures)
        {
            Add(table, [measure.Recognizer, .. Row(measure)]);
            Add(table, ["  originals", .. Row(measure.Original)]);
        }

        return table;
    }

    private static string[] Row(IdentityFigures figures) =>
    [
        Share(figures.CalibratedMatch, figures.CalibratedMatchInterval),
        Share(figures.Rank1, figures.Rank1Interval),
        Percent(figures.Chance),
        Number(figures.MeanCosine),
        Number(figures.Auc),
    ];

    private static Table Groups(EvaluationReport report)
    {
        var table = Empty(["FACES", "SEEN", "UNCOVERED", "FOUND AGAIN", "MOVED", "JITTER", "MATCH", "RANK-1", "HOLDS"]);
        Add(table, ["all", .. Row(report)]);
        foreach (var group in report.BySize.Concat(report.ByClip.Where(_ => report.Clips > 1)))
        {
            Add(table, [group.Name, .. Row(group)]);
        }

        return table;
    }

    private static string[] Row(Measures measures) =>
    [
        Text($"{measures.Coverage.Faces}"),
        Text($"{measures.Coverage.UncoveredFaces}"),
        Percent(measures.Utility.DetectionRate),
        Percent(measures.Utility.LandmarkDistance),
        Number(measures.Stability.JitterRatio),
        .. measures.Identity is [var first, ..] ? [Percent(first.CalibratedMatch), Percent(first.Rank1)] : (string[])[Unknown, Unknown],
        measures.Stability.MeanConsecutiveCosine is [var cosine, ..] ? Number(cosine.Anonymised) : Unknown,
    ];

    private static Table Empty(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column));
        }

        return table;
    }

    private static void Add(Table table, string[] cells) =>
        table.AddRow([.. cells.Select(cell => new Text(OneLine.Clean(cell)))]);

    private static string Share(double value, Interval? interval) => interval is { } known
        ? Text($"{100 * value:0.0} % ({100 * known.Low:0}-{100 * known.High:0})")
        : Percent(value);

    private static string Percent(double? value) => value is { } known ? Text($"{100 * known:0.0} %") : Unknown;

    private static string Number(double? value) => value is { } known ? Text($"{known:0.000}") : Unknown;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
