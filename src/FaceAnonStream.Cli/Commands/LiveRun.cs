using FaceAnonStream.Cli.Progress;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Hosting;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;

namespace FaceAnonStream.Cli.Commands;

/// <summary>The part of <c>faceanon run</c> that runs a live stream, shows how it is doing and sums it up.</summary>
internal static class LiveRun
{
    /// <summary>Streams run for hours: a line now and then says enough.</summary>
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    /// <param name="context">Where to write.</param>
    /// <param name="request">Checked already.</param>
    /// <param name="reportPath">Where the report goes, or null.</param>
    /// <param name="quiet">Whether nothing but errors is shown.</param>
    /// <param name="ending">Ends the stream in good order.</param>
    public static async Task<int> RunAsync(
        CommandContext context, LiveRequest request, string? reportPath, bool quiet, CancellationToken ending)
    {
        var events = quiet ? null : new EventLines(context);
        var report = await ShowAsync(
            context, quiet, progress => Task.Run(() => context.CreateEngine().StreamAsync(request, events, progress, ending), CancellationToken.None));
        if (reportPath is not null)
        {
            ReportFile.Write(reportPath, report, request.Stream.Options);
        }

        if (!quiet)
        {
            foreach (var line in LiveSummary.Lines(report, request.Stream.WantedLookAheadMs, reportPath))
            {
                context.Error.WriteLine(OneLine.Clean(line));
            }
        }

        return ExitCode.Done;
    }

    private static Task<LiveReport> ShowAsync(
        CommandContext context, bool quiet, Func<IProgress<JobProgress>, Task<LiveReport>> stream) =>
        quiet ? stream(new SilentProgress()) : new LineProgress(context.Error, context.Time, LineInterval).RunAsync(stream);

    /// <summary>A line for every change of an end.</summary>
    private sealed class EventLines(CommandContext context) : IStreamEvents
    {
        public void Changed(StreamEnd end, EndState state, string? reason)
        {
            var name = end == StreamEnd.Source ? "source" : "output";
            var what = state switch
            {
                EndState.Connecting => "connecting",
                EndState.Up => "connected",
                _ => "away; trying again",
            };
            context.WriteError(reason is null ? $"{name} {what}" : $"{name} {what} ({reason})");
        }

        public void Dropped(DropReason reason)
        {
            // Counted in the summary: a line for each would say less.
        }

        public void LookAheadShortened(int lookAheadMs, int wantedMs) =>
            context.WriteError(RunSummary.DescribeLookAhead(lookAheadMs, wantedMs));
    }
}
