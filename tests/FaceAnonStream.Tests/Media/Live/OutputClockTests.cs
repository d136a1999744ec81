using FaceAnonStream.Media.Live;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

public sealed class OutputClockTests
{
    [Fact]
    public void Next_TimesOfASource_BeginAtZeroAndKeepTheirSpacing()
    {
        var clock = new OutputClock();
        long[] times = [-500, -400, 0, 3600];
        times.Select(clock.Next).ShouldBe([0L, 100, 500, 4100]);
    }

    [Fact]
    public void Next_StepBack_GoesOnFromTheLastTime()
    {
        var clock = new OutputClock();
        long[] times = [7000, 8000, 8000, 100, 1100];
        times.Select(clock.Next).ShouldBe([0L, 1000, 1001, 1002, 2002]);
    }

    [Fact]
    public void Next_AnyTimes_OnlyRunForwards() =>
        Prop.ForAll<int[]>(times =>
        {
            var clock = new OutputClock();
            var last = -1L;
            return times.All(time => clock.Next(time) is var next && next > last && (last = next) >= 0);
        }).QuickCheckThrowOnFailure();
}
