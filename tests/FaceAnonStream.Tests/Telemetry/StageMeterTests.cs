using System.Diagnostics.Metrics;
using FaceAnonStream.Flow;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tests.Cli;
using FaceAnonStream.Tests.Flow;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Telemetry;

public sealed class StageMeterTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Run_StageWaitsForItsSuccessor_MeasuresItsWorkAlone()
    {
        var time = new ManualTime();
        using var stream = new StreamTelemetry($"stage-{Guid.NewGuid():n}", time);
        var seconds = new List<double>();
        using var listener = Listen(stream.Name, seconds);
        var input = new Link<Item>(2, time);
        var output = new Link<Item>(1, time);
        await input.SendAsync(new Item(1), None);
        await input.SendAsync(new Item(2), None);
        input.Complete();
        var stage = new WorkingStage(() => time.Advance(TimeSpan.FromMilliseconds(30)));
        var run = StageRunner.RunAsync(stage, input, output, None, stream.Meter(StageName.Blend));

        // The second item waits for room while an hour passes.
        await stage.Sending;
        time.Advance(TimeSpan.FromHours(1));
        (await output.ReceiveAsync(None))!.Dispose();
        (await output.ReceiveAsync(None))!.Dispose();
        await run;
        seconds.ShouldBe([0.03, 0.03]);
    }

    [Fact]
    public async Task Run_WithoutMeter_MeasuresNothing()
    {
        var input = new Link<Item>(1);
        var output = new Link<Item>(2);
        await input.SendAsync(new Item(1), None);
        input.Complete();
        await StageRunner.RunAsync(new WorkingStage(() => { }), input, output, None);
        output.WaitedTicks.ShouldBe(0);
    }

    private static MeterListener Listen(string stream, List<double> seconds)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == StreamTelemetry.MeterName && instrument.Name == "faceanon.stage.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new("stream", stream)))
            {
                tags.ToArray().ShouldContain(new KeyValuePair<string, object?>("stage", "blend"));
                seconds.Add(value);
            }
        });
        listener.Start();
        return listener;
    }

    private sealed class WorkingStage(Action work) : IStage<Item, Item>
    {
        private readonly TaskCompletionSource _sending = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes once the second item waits for room.</summary>
        public Task Sending => _sending.Task;

        public ValueTask OpenAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public async ValueTask ProcessAsync(Item item, Link<Item> output, CancellationToken ct)
        {
            work();
            var sending = output.SendAsync(item, ct);
            if (item.Number == 2)
            {
                _sending.SetResult();
            }

            await sending;
        }

        public ValueTask FlushAsync(Link<Item> output, CancellationToken ct) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
