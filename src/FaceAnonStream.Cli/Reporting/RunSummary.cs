using System.Globalization;
using FaceAnonStream.Detection;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Jobs;
using FaceAnonStream.Media;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>What a person wants to know when a job is done.</summary>
internal static class RunSummary
{
    /// <param name="report">What was done.</param>
    /// <param name="options">The settings that were in force.</param>
    /// <param name="reportPath">Where the report was written, or null.</param>
    public static IReadOnlyList<string> Lines(JobReport report, FaceAnonOptions options, string? reportPath)
    {
        var method = NameOf(report.Method);
        List<string> lines =
        [
            $"{report.Input.Path} -> {report.Output.Path}",
            Text($"  {report.Frames.Emitted} frames in {report.Timing.WallSeconds:0.0} s ({report.Timing.FramesPerSecond:0.0} fps)"),
            Text($"  {report.Faces.Covered} faces covered by {method} ({report.Faces.Observed} seen, ")
                + Text($"{report.Faces.Filled} filled in), {Count(report.Tracks.Count, "track")}"),
            .. report.Models.Select(DescribeModel),
        ];
        if (report.Faces.Fallbacks.Total() > 0)
        {
            lines.Add(DescribeFallbacks(report.Faces.Fallbacks));
        }

        if (report.Faces.ByLevel.Solid > 0 && report.Method != RedactionMethod.Solid)
        {
            lines.Add(Text($"  {report.Faces.ByLevel.Solid} FACES MADE SOLID because {method} failed"));
        }

        if (report.Outcomes.WholeFrame > 0)
        {
            lines.Add(DescribeWholeFrames(report.Outcomes.WholeFrame));
        }

        if (report.LookAheadMs < options.Track.LookAheadMs)
        {
            lines.Add($"  {DescribeLookAhead(report.LookAheadMs, options.Track.LookAheadMs)}");
        }

        lines.AddRange(report.Failures.Select(DescribeFailure));
        lines.AddRange(report.Dropped.GroupBy(stream => (stream.Kind, stream.Reason)).Select(streams => DescribeDropped(streams, options)));
        if (reportPath is not null)
        {
            lines.Add($"  report: {reportPath}");
        }

        return lines;
    }

    /// <summary>What faces were covered by, e.g. <c>synthetic faces</c> or <c>blur</c>.</summary>
    public static string NameOf(RedactionMethod method) =>
        method == RedactionMethod.Synthetic ? "synthetic faces" : Setting.KeyOf(method.ToString());

    public static string DescribeModel(ModelIdentity model) =>
        $"  model: {model.Name} ({OneLine.ShortHash(model.Sha256)}) on {model.Provider}";

    public static string DescribeFallbacks(FallbackCounts fallbacks) =>
        Text($"  {fallbacks.Total()} of them not drawn but covered by more: {Reasons(fallbacks)}");

    public static string DescribeWholeFrames(long frames) =>
        Text($"  {frames} FRAMES MADE SOLID AS A WHOLE because their faces could not be found or covered");

    public static string DescribeLookAhead(int lookAheadMs, int wantedMs) =>
        Text($"look-ahead {lookAheadMs} ms instead of {wantedMs} ms: the frames need more than media.frameMemoryMb");

    public static string DescribeFailure(FailureCount failure) => Text($"    {failure.Count} x {failure.Reason}");

    /// <summary>Numbers as everywhere, whatever the machine's language.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Reasons(FallbackCounts counts)
    {
        (long Count, string Why)[] reasons =
        [
            (counts.TooSmall, "too small"),
            (counts.Unconfirmed, "seen too briefly or weakly"),
            (counts.UnusableLandmarks, "landmarks unusable"),
            (counts.ExtremePose, "turned too far"),
            (counts.Uncovered, "features not covered"),
            (counts.ModelFailure, "MODEL FAILED"),
        ];
        return string.Join(", ", reasons.Where(reason => reason.Count > 0).Select(reason => Text($"{reason.Count} {reason.Why}")));
    }

    private static string DescribeDropped(IGrouping<(string Kind, string Reason), StreamDrop> streams, FaceAnonOptions options)
    {
        var what = streams.Count() == 1 ? streams.Key.Kind : $"{streams.Count()} {streams.Key.Kind} streams";
        var byChoice = streams.Key.Kind == "audio" && options.Media.Audio == AudioPolicy.Drop;
        var remedy = byChoice ? "; --audio copy keeps it" : "";
        return $"  {what} dropped ({streams.Key.Reason}{remedy})";
    }

    private static string Count(long count, string thing) => Text($"{count} {thing}{(count == 1 ? "" : "s")}");
}
