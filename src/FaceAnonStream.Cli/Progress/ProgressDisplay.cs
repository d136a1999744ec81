using FaceAnonStream.Jobs;

namespace FaceAnonStream.Cli.Progress;

/// <summary>Shows a job's progress while it runs: looks at the newest snapshot at a steady pace, whatever the job's pace.</summary>
internal abstract class ProgressDisplay(TimeProvider time, TimeSpan interval)
{
    private readonly SpeedMeter _speed = new(time);

    /// <summary>Shows a job on the context's error output as its kind allows, or not at all.</summary>
    public static Task<T> ShowAsync<T>(CommandContext context, bool quiet, Func<IProgress<JobProgress>, Task<T>> job)
    {
        if (quiet)
        {
            return job(new SilentProgress());
        }

        ProgressDisplay display = context.DrawsProgress
            ? new BarProgress(context.Error, context.Time)
            : new LineProgress(context.Error, context.Time, LineProgress.Interval);
        return display.RunAsync(job);
    }

    /// <summary>Runs the job and returns its result when it ends; a failure of the job is thrown on.</summary>
    public abstract Task<T> RunAsync<T>(Func<IProgress<JobProgress>, Task<T>> job);

    protected abstract void Show(JobProgress progress, double? framesPerSecond);

    protected async Task<T> WatchAsync<T>(Func<IProgress<JobProgress>, Task<T>> job)
    {
        var latest = new LatestProgress();
        _speed.Update(0);
        using var timer = new PeriodicTimer(interval, time);
        var running = job(latest);
        var tick = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(running, tick) == tick)
        {
            Show(latest.Value, _speed.Update(latest.Value.FramesEmitted));
            tick = timer.WaitForNextTickAsync().AsTask();
        }

        return await running;
    }

    /// <summary>Keeps the newest snapshot; never blocks the job.</summary>
    private sealed class LatestProgress : IProgress<JobProgress>
    {
        private volatile JobProgress _value = JobProgress.None;

        public JobProgress Value => _value;

        public void Report(JobProgress value) => _value = value;
    }
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentProgress : IProgress<JobProgress>
{
    public void Report(JobProgress value)
    {
    }
}

/// <summary>A line of text every few seconds, for logs and pipes.</summary>
internal sealed class LineProgress(TextWriter output, TimeProvider time, TimeSpan interval) : ProgressDisplay(time, interval)
{
    /// <summary>Of jobs that come to an end by themselves.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    public override Task<T> RunAsync<T>(Func<IProgress<JobProgress>, Task<T>> job) => WatchAsync(job);

    protected override void Show(JobProgress progress, double? framesPerSecond) =>
        output.WriteLine(ProgressText.Line(progress, framesPerSecond));
}
