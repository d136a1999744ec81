using FaceAnonStream.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Service.Metrics;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;
using static FaceAnonStream.Tests.Telemetry.Receipts;

namespace FaceAnonStream.Tests.Telemetry;

/// <summary>Listeners of other tests would allocate on this one's thread: alone.</summary>
[Collection(nameof(TelemetryAllocationTests))]
[CollectionDefinition(nameof(TelemetryAllocationTests), DisableParallelization = true)]
public sealed class TelemetryAllocationTests
{
    /// <summary>What is called for every frame must leave nothing to the garbage collector, whoever listens.</summary>
    [Fact]
    public void Booked_AndAllElseOfAFrame_AllocatesNothing()
    {
        using var page = new MetricsPage();
        using var stream = new StreamTelemetry($"allocation-{Guid.NewGuid():n}", TimeProvider.System);
        var meter = stream.Meter(StageName.Blend);
        var receipt = Frame(0, 1, OutcomeKind.Mosaic, Face(1), Face(2, Evidence.Filled, OutcomeKind.Mosaic, FallbackReason.TooSmall));
        void Frames(int count)
        {
            for (var i = 0; i < count; i++)
            {
                stream.FrameDecoded();
                stream.Dropped(DropReason.Backlog);
                meter.Worked(meter.Start(), 0);
                InferenceTelemetry.BatchRan(InferenceTask.Detection, 4);
                stream.Booked(receipt);
            }
        }

        Frames(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Frames(10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }
}
