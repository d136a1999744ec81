using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Live;
using FaceAnonStream.Tests.Cli;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

public sealed class SourceAbsenceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private int _ends;

    [Fact]
    public async Task Changed_AwayForLong_EndsTheOutputOnce()
    {
        await using var absence = Absence();
        absence.Changed(EndState.Away);
        absence.Changed(EndState.Connecting);
        absence.Changed(EndState.Away);
        _time.Advance(Patience * 0.9);
        _ends.ShouldBe(0);
        _time.Advance(Patience);
        await EndsAsync(1);
        absence.Changed(EndState.Away);
        _time.Advance(Patience * 5);
        _ends.ShouldBe(1);
    }

    [Fact]
    public async Task Changed_BackInTime_EndsNothing()
    {
        await using var absence = Absence();
        absence.Changed(EndState.Away);
        absence.Changed(EndState.Up);
        _time.Advance(Patience * 5);
        await absence.DisposeAsync();
        _ends.ShouldBe(0);
    }

    [Fact]
    public async Task Changed_AwayAgain_EndsTheOutputAgain()
    {
        await using var absence = Absence();
        for (var i = 1; i <= 2; i++)
        {
            absence.Changed(EndState.Away);
            _time.Advance(Patience * 2);
            await EndsAsync(i);
            absence.Changed(EndState.Up);
        }
    }

    [Fact]
    public async Task Dispose_WhileAway_EndsNothingMore()
    {
        var absence = Absence();
        absence.Changed(EndState.Away);
        await absence.DisposeAsync();
        absence.Changed(EndState.Away);
        _time.Advance(Patience * 5);
        _ends.ShouldBe(0);
    }

    private SourceAbsence Absence() => new(
        Patience,
        _ =>
        {
            Interlocked.Increment(ref _ends);
            return ValueTask.CompletedTask;
        },
        _time);

    private async Task EndsAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Volatile.Read(ref _ends) < count)
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
