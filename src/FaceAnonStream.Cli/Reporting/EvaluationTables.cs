using System.Globalization;
using FaceAnonStream.Evaluation.Metrics;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Hosting;
using Spectre.Console;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>What was measured, for people.</summary>
internal static class EvaluationTables
{
    private const string Unknown = "-";

    public static void Write(TextWriter output, EvaluationReport report)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        output.WriteLine(Text($"{Count(report.Clips, "clip")}, {Count(report.Frames, "frame")}, ")
            + Text($"{Count(report.Coverage.Faces, "face")} in {Count(report.Tracks, "track")}"));
        if (report.Identity.Count > 0)
        {
            output.WriteLine(Text($"{report.People} people in {report.RecognizedTracks} tracks that are long and large enough to be recognised"));
            output.WriteLine();
            console.Write(Identity(report.Identity));
        }
        else if (report.Recognizers.Count > 0)
        {
            output.WriteLine(Text($"{report.People} people to be recognised: too few to compare"));
        }

        if (report.Covers is { } covers)
        {
            output.WriteLine(Covers(covers));
        }

        output.WriteLine();
        console.Write(Groups(report));
    }

    private static string Covers(CoverMeasure covers)
    {
        var (levels, reasons) = (covers.Levels, covers.Fallbacks);
        (long Count, string Name)[] parts =
        [
            (levels.Synthetic, "replaced"), (levels.Blur, "blurred"), (levels.Mosaic, "under a mosaic"), (levels.Solid, "solid"),
            (levels.WholeFrame, "in solid frames"), (covers.NotListed, "not listed"),
        ];
        (long Count, string Name)[] fallbacks =
        [
            (reasons.TooSmall, "too small"), (reasons.Unconfirmed, "not confirmed"), (reasons.UnusableLandmarks, "landmarks unusable"),
            (reasons.ExtremePose, "extreme pose"), (reasons.Uncovered, "features uncovered"), (reasons.ModelFailure, "model failed"),
        ];
        var why = Join(fallbacks);
        return $"covers: {Join(parts)}{(why.Length > 0 ? $"; not replaced: {why}" : "")}";

        static string Join(IEnumerable<(long Count, string Name)> counts) =>
            string.Join(", ", counts.Where(part => part.Count > 0).Select(part => Text($"{part.Count} {part.Name}")));
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
        var table = Empty("GROUP", "FACES", "BARE", "FOUND", "MOVED", "JITTER", "STEADY", "MATCH", "RANK-1");
        Add(table, ["all", .. Row(report)]);
        if (report.Replaced is { } replaced)
        {
            Add(table, ["replaced", .. Row(replaced)]);
            foreach (var size in replaced.BySize)
            {
                Add(table, [$"replaced {size.Name}", .. Row(size)]);
            }
        }

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
        measures.Stability.MeanConsecutiveCosine is [var cosine, ..] ? Number(cosine.Anonymised) : Unknown,
        .. measures.Identity is [var first, ..] ? [Percent(first.CalibratedMatch), Percent(first.Rank1)] : (string[])[Unknown, Unknown],
    ];

    private static Table Empty(params string[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            // Only names may take several lines.
            table.AddColumn(new TableColumn(column) { NoWrap = column != columns[0], Padding = new Padding(0, 0, 2, 0) });
        }

        return table;
    }

    private static void Add(Table table, string[] cells) =>
        table.AddRow([.. cells.Select(cell => new Text(OneLine.Clean(cell)))]);

    private static string Share(double value, Interval? interval) => interval is { } known
        ? Text($"{100 * value:0.0} % ({100 * known.Low:0}-{100 * known.High:0})")
        : Percent(value);

    private static string Count(int count, string thing) => Text($"{count} {thing}{(count == 1 ? "" : "s")}");

    private static string Percent(double? value) => value is { } known ? Text($"{100 * known:0.0} %") : Unknown;

    private static string Number(double? value) => value is { } known ? Text($"{known:0.000}") : Unknown;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
