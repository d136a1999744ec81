using FaceAnonStream.Hosting;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>What a person wants to know when a live stream has ended.</summary>
internal static class LiveSummary
{
    /// <param name="report">What was done.</param>
    /// <param name="wantedLookAheadMs">The look-ahead that was asked for, in milliseconds.</param>
    /// <param name="reportPath">Where the report was written, or null.</param>
    public static IReadOnlyList<string> Lines(LiveReport report, int wantedLookAheadMs, string? reportPath)
    {
        var method = RunSummary.NameOf(report.Method);
        List<string> lines =
        [
            $"{report.Source} -> {report.Output}",
            RunSummary.Text($"  {report.Frames.Emitted} frames of {report.Width}x{report.Height} in {report.Timing.WallSeconds:0.0} s ({report.Timing.FramesPerSecond:0.0} fps)"),
            RunSummary.Text($"  {report.Faces.Covered} faces covered by {method} ({report.Faces.Observed} seen, {report.Faces.Filled} filled in)"),
            .. report.Models.Select(RunSummary.DescribeModel),
        ];
        if (report.LatencyMs is { } latency)
        {
            lines.Add(RunSummary.Text($"  added latency: half of the frames {latency.P50} ms or less, 99 of 100 {latency.P99} ms or less"));
        }

        if (report.LookAheadMs is { } lookAhead && lookAhead < wantedLookAheadMs)
        {
            lines.Add($"  {RunSummary.DescribeLookAhead(lookAhead, wantedLookAheadMs)}");
        }

        if (report.Faces.Fallbacks.Total() > 0)
        {
            lines.Add(RunSummary.DescribeFallbacks(report.Faces.Fallbacks));
        }

        if (report.Outcomes.WholeFrame > 0)
        {
            lines.Add(RunSummary.DescribeWholeFrames(report.Outcomes.WholeFrame));
        }

        if (report.Dropped.Total() > 0)
        {
            lines.Add(RunSummary.Text($"  {report.Dropped.Total()} FRAMES DROPPED: {report.Dropped.Backlog} would have been late, ")
                + RunSummary.Text($"{report.Dropped.NoMemory} found no memory, {report.Dropped.SinkAway} found the output away"));
        }

        if (report.Reconnects is not { Source: 0, Sink: 0 })
        {
            lines.Add(RunSummary.Text($"  connected again: source {report.Reconnects.Source} times, output {report.Reconnects.Sink} times"));
        }

        lines.AddRange(report.Failures.Select(RunSummary.DescribeFailure));
        if (reportPath is not null)
        {
            lines.Add($"  report: {reportPath}");
        }

        return lines;
    }
}
