using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Tests.Cli;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Hosting;

public sealed class WatchedDetectorTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly FramePool _pool = new(Formats.Of(64, 64), 1);
    private readonly VideoFrame _frame;
    private readonly WatchedDetector _detector;
    private Exception? _failure;
    private FaultException? _verdict;

    public WatchedDetectorTests()
    {
        _frame = _pool.TryRent(0, 0, new Rational(1, 25), 0)!;
        var detector = new ScriptedDetector(_ => _failure is null ? [] : throw _failure);
        _detector = new WatchedDetector(detector, TimeSpan.FromSeconds(60), _time, verdict => _verdict = verdict);
    }

    public void Dispose()
    {
        _detector.Dispose();
        _frame.Dispose();
        _pool.Dispose();
    }

    [Fact]
    public async Task Detect_EveryCallFailsForAMinute_IsBroken()
    {
        await CallAsync(null);
        for (var second = 0; second < 60; second += 10)
        {
            await CallAsync(Lost);
            _verdict.ShouldBeNull();
            Pass(10);
        }

        await CallAsync(Lost);
        _verdict!.Message.ShouldBe("the detector has failed at every call for 60 s: the GPU is lost");
        _verdict.Origin.ShouldBe(FaultOrigin.Model);
    }

    [Fact]
    public async Task Detect_OneStreamsFramesFailAlone_IsNotBroken()
    {
        for (var second = 0; second < 3600; second += 5)
        {
            await CallAsync(second % 50 == 0 ? null : Lost);
            Pass(5);
        }

        _verdict.ShouldBeNull();
    }

    [Fact]
    public async Task Detect_CamerasAreAwayBetweenTwoFailures_IsNotBroken()
    {
        for (var hour = 0; hour < 10; hour++)
        {
            await CallAsync(Lost);
            await CallAsync(Lost);
            Pass(3600);
        }

        _verdict.ShouldBeNull();
    }

    [Fact]
    public async Task Detect_CallsAreCancelled_IsNotBroken()
    {
        for (var second = 0; second < 600; second += 10)
        {
            await CallAsync(new TaskCanceledException());
            Pass(10);
        }

        _verdict.ShouldBeNull();
    }

    private static FaultException Lost => new(FaultOrigin.Model, "the GPU is lost");

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private async Task CallAsync(Exception? failure)
    {
        _failure = failure;
        var call = async () => await _detector.DetectAsync([_frame], CancellationToken.None);
        if (failure is null)
        {
            (await call()).Count.ShouldBe(1);
        }
        else
        {
            (await Should.ThrowAsync<Exception>(call)).Message.ShouldBe(failure.Message);
        }
    }
}
