using FaceAnonStream.Jobs;
using Spectre.Console;

namespace FaceAnonStream.Cli.Progress;

/// <summary>A progress bar on a terminal; it disappears when the job ends.</summary>
internal sealed class BarProgress(TextWriter output, TimeProvider time) : ProgressDisplay(time, Interval)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // The words beside the bar say more than the bar, and must fit 80 columns with it.
    private const int BarWidth = 12;

    private ProgressTask? _bar;

    public override async Task<T> RunAsync<T>(Func<IProgress<JobProgress>, Task<T>> job)
    {
        // The caller knows that this is a terminal; asked itself, the library would look at stdout.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        return await console.Progress()
            .AutoClear(true)
            .Columns(
                new ProgressBarColumn { Width = BarWidth },
                new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(progress =>
            {
                _bar = progress.AddTask("starting", maxValue: 1);
                _bar.IsIndeterminate = true;
                return WatchAsync(job);
            });
    }

    protected override void Show(JobProgress progress, double? framesPerSecond)
    {
        var share = ProgressText.Share(progress);
        _bar!.IsIndeterminate = share is null;
        _bar.Value = share ?? 0;
        _bar.Description = ProgressText.Details(progress, framesPerSecond).EscapeMarkup();
    }
}
