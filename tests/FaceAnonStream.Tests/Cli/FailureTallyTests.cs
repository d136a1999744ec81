using FaceAnonStream.Jobs;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public class FailureTallyTests
{
    [Fact]
    public void ToList_FewReasons_MostFrequentFirst()
    {
        var tally = new FailureTally();
        foreach (var reason in (string[])["b", "a", "c", "c"])
        {
            tally.Add(reason);
        }

        tally.ToList().ShouldBe([new FailureCount("c", 2), new FailureCount("a", 1), new FailureCount("b", 1)]);
    }

    [Fact]
    public void ToList_TooManyReasons_KeepsTheFirstAndCountsTheRest()
    {
        var tally = new FailureTally();
        for (var i = 0; i < 50; i++)
        {
            tally.Add($"reason {i}");
            tally.Add("reason 0");
        }

        var list = tally.ToList();
        list.Count.ShouldBe(FailureTally.MaxReasons + 1);
        list[0].ShouldBe(new FailureCount("reason 0", 51));
        list[^1].ShouldBe(new FailureCount(FailureTally.OtherReasons, 30));
        list.Sum(failure => failure.Count).ShouldBe(100);
    }
}
