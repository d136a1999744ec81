using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Jobs;
using FaceAnonStream.Redaction;
using FaceAnonStream.Service.Metrics;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tests.Privacy;
using FaceAnonStream.Tests.Service.Metrics;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Telemetry;

/// <summary>A whole job tells its stream's telemetry what it tells its own report.</summary>
public sealed class JobTelemetryTests
{
    private const int FrameCount = 40;

    [Fact]
    public async Task Run_WithTelemetry_ShowsWhatTheReportSays()
    {
        using var page = new MetricsPage();
        using var stream = new StreamTelemetry($"job-{Guid.NewGuid():n}", TimeProvider.System);
        var asked = 0;
        Dictionary<string, double>? running = null;
        var detector = new ScriptedDetector(frame =>
        {
            if (++asked == FrameCount / 2)
            {
                running = Scrape.Of(page, stream.Name);
                throw new FaultException(FaultOrigin.Model, "injected");
            }

            return [new FaceDetection(NoiseFace.Box, 0.9f)];
        });
        var result = await RunAsync(detector, stream);

        running!["faceanon_stream_running"].ShouldBe(1);
        running["faceanon_queue_depth{link=\"decoded\"}"].ShouldBeInRange(0, 2);
        running.Keys.ShouldNotContain("faceanon_queue_depth{link=\"aligned\"}");
        var after = Scrape.Of(page, stream.Name);
        after["faceanon_stream_running"].ShouldBe(0);
        after["faceanon_frames_decoded_total"].ShouldBe(FrameCount);
        after["faceanon_frames_emitted_total"].ShouldBe(FrameCount);
        after["faceanon_frames_anonymized_total{outcome=\"whole_frame\"}"].ShouldBe(1);
        after["faceanon_frames_anonymized_total{outcome=\"mosaic\"}"].ShouldBe(result.Outcomes.Mosaic);
        after["faceanon_faces_covered_total{evidence=\"observed\",outcome=\"mosaic\"}"].ShouldBe(result.Faces.ByLevel.Mosaic);
        after["faceanon_tracks_started_total"].ShouldBe(result.Tracks.Count);
        after["faceanon_detector_failures_total"].ShouldBe(1);
        foreach (var stage in (string[])["detect", "track", "blend", "mux"])
        {
            after[$"faceanon_stage_duration_seconds_count{{stage=\"{stage}\"}}"].ShouldBe(FrameCount);
        }

        // A recording has no time of arrival.
        after.Keys.ShouldNotContain("faceanon_added_latency_seconds_count");
    }

    private static async Task<JobResult> RunAsync(IFaceDetector detector, StreamTelemetry telemetry)
    {
        using var pool = new FramePool(NoiseFace.Format, 16);
        var job = new AnonymizationJob(
            new MemorySource(pool, FrameCount),
            detector,
            RedactionLadder.For(new RedactOptions { Method = RedactionMethod.Mosaic }, NoiseFace.Format),
            new MemorySink(),
            new DetectOptions { BatchSize = 1 },
            new TrackOptions { LookAheadMs = 100 },
            new FrameBudget(16, 6),
            FrameCount,
            telemetry: telemetry);
        return await job.RunAsync(CancellationToken.None);
    }
}
