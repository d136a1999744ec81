using FaceAnonStream.Cli.Progress;
using FaceAnonStream.Jobs;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public class ProgressTests
{
    private static readonly JobProgress Sample = new(200, 180, 480, 5, 2, 0);

    [Fact]
    public void Line_EverythingKnown_ShowsIt() =>
        ProgressText.Line(Sample, 41.2).ShouldBe(" 37 %  180/480 frames  41.2 fps  eta 8 s  5 faces  2 tracks");

    [Fact]
    public void Line_TotalUnknown_HasNoShareAndNoEta() =>
        ProgressText.Line(Sample with { TotalFrames = null, LiveTracks = 1 }, 41.2).ShouldBe("180 frames  41.2 fps  5 faces  1 track");

    [Fact]
    public void Line_SpeedUnknown_HasNoEta() =>
        ProgressText.Line(Sample, null).ShouldBe(" 37 %  180/480 frames  5 faces  2 tracks");

    [Fact]
    public void Line_MoreFramesThanExpected_StaysAtAHundred() =>
        ProgressText.Line(Sample with { FramesEmitted = 500 }, 10).ShouldBe("100 %  500/480 frames  10.0 fps  5 faces  2 tracks");

    [Fact]
    public void Line_NothingExpected_DividesByNothing() =>
        ProgressText.Line(JobProgress.None with { TotalFrames = 0 }, null).ShouldBe("0/0 frames  0 faces  0 tracks");

    [Fact]
    public void Line_SolidFrames_AreLoud() =>
        ProgressText.Line(Sample with { WholeFrames = 3 }, null).ShouldEndWith("  3 FRAMES SOLID");

    [Theory]
    [InlineData(59, "eta 59 s")]
    [InlineData(61, "eta 1:01 min")]
    [InlineData(3661, "eta 1:01 h")]
    [InlineData(1e9, "eta 99:59 h")]
    public void Line_Eta_HasASuitableUnit(double seconds, string eta) =>
        ProgressText.Line(Sample, 300 / seconds).ShouldContain($"  {eta}  ");

    [Fact]
    public void SpeedMeter_ChangeOfPace_ForgetsTheOldPace()
    {
        var time = new ManualTime();
        var meter = new SpeedMeter(time);
        meter.Update(0).ShouldBeNull();
        long frames = 0;
        double? speed = null;
        for (var second = 1; second <= 40; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            frames += second <= 20 ? 100 : 10;
            speed = meter.Update(frames);
            if (second == 20)
            {
                speed!.Value.ShouldBe(100, 1e-9);
            }
        }

        speed!.Value.ShouldBe(10, 1e-9);
    }

    [Fact]
    public void SpeedMeter_StalledJob_IsUnknownNotInfinite()
    {
        var time = new ManualTime();
        var meter = new SpeedMeter(time);
        meter.Update(5);
        meter.Update(5).ShouldBeNull();
        time.Advance(TimeSpan.FromSeconds(60));
        meter.Update(5).ShouldBeNull();
    }

    [Fact]
    public async Task LineProgress_EveryInterval_WritesTheNewestSnapshot()
    {
        var time = new ManualTime();
        var finish = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var output = new SignallingWriter("frames", written);
        var running = new LineProgress(output, time, LineProgress.Interval).RunAsync(progress =>
        {
            progress.Report(Sample with { FramesEmitted = 1 });
            progress.Report(Sample);
            return finish.Task;
        });

        time.Advance(LineProgress.Interval / 2);
        output.ToString().ShouldBeEmpty();
        time.Advance(LineProgress.Interval / 2);
        await written.Task;
        finish.SetResult(7);

        (await running).ShouldBe(7);
        output.ToString().ShouldBe(" 37 %  180/480 frames  60.0 fps  eta 5 s  5 faces  2 tracks\n");
    }

    [Fact]
    public async Task LineProgress_FailedJob_ThrowsItsFailure()
    {
        using var output = new StringWriter();
        var display = new LineProgress(output, new ManualTime(), LineProgress.Interval);

        await Should.ThrowAsync<ArithmeticException>(() => display.RunAsync<int>(_ => Task.FromException<int>(new ArithmeticException())));
    }
}
