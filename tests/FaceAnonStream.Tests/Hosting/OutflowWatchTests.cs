using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Tests.Cli;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

public sealed class OutflowWatchTests
{
    private readonly ManualTime _time = new();
    private readonly OutflowWatch _watch;
    private long _entered;
    private long _left;

    public OutflowWatchTests() => _watch = new OutflowWatch(TimeSpan.FromSeconds(10), _time);

    [Fact]
    public void IsStuck_FramesEnterAndNoneLeaves_AfterThatLong()
    {
        Pass(seconds: 60, entering: 25, leaving: 25).ShouldBeNull();
        Pass(seconds: 60, entering: 25, leaving: 0).ShouldBe(10);
    }

    [Fact]
    public void IsStuck_FromTheFirstFrameOn_IsSeenToo() => Pass(seconds: 60, entering: 25, leaving: 0).ShouldBe(11);

    [Fact]
    public void IsStuck_OneLeavesNowAndThen_No()
    {
        for (var round = 0; round < 5; round++)
        {
            Pass(seconds: 8, entering: 25, leaving: 0).ShouldBeNull();
            Pass(seconds: 1, entering: 25, leaving: 1).ShouldBeNull();
        }
    }

    [Fact]
    public void IsStuck_NothingEnters_No()
    {
        Pass(seconds: 5, entering: 25, leaving: 25).ShouldBeNull();
        Pass(seconds: 3600, entering: 0, leaving: 0).ShouldBeNull();
        Pass(seconds: 9, entering: 25, leaving: 0).ShouldBeNull();
    }

    [Fact]
    public void IsStuck_FewFramesThatABatchMayHold_No() => Pass(seconds: 20, entering: 4, leaving: 0).ShouldBeNull();

    /// <summary>Looks once a second.</summary>
    /// <returns>The second in which it was stuck; null when it never was.</returns>
    private int? Pass(int seconds, int entering, int leaving)
    {
        for (var second = 1; second <= seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            if (_watch.IsStuck(_entered += entering, _left += leaving))
            {
                return second;
            }
        }

        return null;
    }
}
