using FaceAnonStream.Live;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Live;

public sealed class BackoffTests
{
    [Fact]
    public void Next_NoLuckAtAll_DoublesUpToTheLongest() =>
        Waits(new Backoff(Ms(250), Ms(2000), new Fixed(0)), 6).ShouldBe([250, 500, 1000, 2000, 2000, 2000]);

    [Fact]
    public void Next_MostLuck_HalvesEach() =>
        Waits(new Backoff(Ms(250), Ms(2000), new Fixed(1)), 4).ShouldBe([125, 250, 500, 1000]);

    [Fact]
    public void Next_FirstAboveLongest_IsTheLongest() =>
        Waits(new Backoff(Ms(500), Ms(300), new Fixed(0)), 2).ShouldBe([300, 300]);

    [Fact]
    public void Reset_AfterFailures_BeginsAnew()
    {
        var backoff = new Backoff(Ms(100), Ms(800), new Fixed(0));
        Waits(backoff, 3);
        backoff.Reset();
        Waits(backoff, 2).ShouldBe([100, 200]);
    }

    /// <summary>As hosts wait before they start a failed stream anew: the longest wait is no multiple of the first.</summary>
    [Fact]
    public void Next_LongestBetweenTwoDoublings_IsReached()
    {
        var longest = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Fixed(0));
        Enumerable.Range(0, 7).Select(_ => longest.Next().TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 30, 30]);
        longest.Reset();
        longest.Next().ShouldBe(TimeSpan.FromSeconds(1));
        new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Fixed(1)).Next().ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    private static TimeSpan Ms(int value) => TimeSpan.FromMilliseconds(value);

    private static double[] Waits(Backoff backoff, int count) => [.. Enumerable.Range(0, count).Select(_ => backoff.Next().TotalMilliseconds)];

    private sealed class Fixed(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
