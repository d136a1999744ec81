using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Flow;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Jobs;

/// <summary>What a finished job did to frames and faces.</summary>
public sealed record JobResult(
    FrameCounts Frames,
    OutcomeCounts Outcomes,
    FaceCounts Faces,
    IReadOnlyList<TrackSummary> Tracks,
    IReadOnlyList<FailureCount> Failures);

/// <summary>
/// One source through the whole pipeline into one sink: Demux, Detect, Track, then Align and Generate where faces are
/// replaced by synthetic ones, then Blend and Mux.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner disposes the stages.")]
public sealed class AnonymizationJob
{
    /// <summary>Enough to let neighbouring stages overlap; more would only hold memory.</summary>
    private const int LinkCapacity = 2;

    private readonly IVideoSource _source;
    private readonly IVideoSink _sink;
    private readonly DetectStage _detect;
    private readonly TrackStage _track;
    private readonly (AlignStage Align, GenerateStage Generate)? _synthesis;
    private readonly BlendStage _blend;
    private readonly MuxStage _mux;
    private readonly FrameLedger _ledger;
    private readonly long? _expectedFrames;
    private readonly int _batchSize;
    private readonly JobTelemetry _telemetry;

    /// <param name="source">Borrowed.</param>
    /// <param name="detector">Borrowed.</param>
    /// <param name="ladder">How faces are covered.</param>
    /// <param name="sink">Borrowed; completed when every frame has its receipt, and only then.</param>
    /// <param name="detect">How faces are looked for.</param>
    /// <param name="track">How faces are followed.</param>
    /// <param name="budget">Bounds the look-ahead.</param>
    /// <param name="expectedFrames">For progress only; null when unknown.</param>
    /// <param name="synthesis">Replaces faces by synthetic ones; null leaves it to the ladder.</param>
    /// <param name="onReceipt">Told of every frame that was written, in order; it must not take long.</param>
    /// <param name="telemetry">Measures the stream; null leaves it unmeasured.</param>
    /// <param name="maxTrackSummaries">Tracks told of in the result at most: a live stream has no end of them.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: what draws faces has other
    /// landmarks than what finds them.</exception>
    public AnonymizationJob(
        IVideoSource source,
        IFaceDetector detector,
        RedactionLadder ladder,
        IVideoSink sink,
        DetectOptions detect,
        TrackOptions track,
        FrameBudget budget,
        long? expectedFrames,
        Synthesis? synthesis = null,
        Action<FrameReceipt>? onReceipt = null,
        StreamTelemetry? telemetry = null,
        int maxTrackSummaries = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(detect);
        ArgumentNullException.ThrowIfNull(budget);
        if (synthesis is not null && synthesis.Topology.Count != synthesis.Landmarks.PointCount)
        {
            throw new FaultException(
                FaultOrigin.Model, $"{synthesis.Landmarks.Model.Name} gives {synthesis.Landmarks.PointCount} landmarks; expected {synthesis.Topology.Count}");
        }

        _source = source;
        _sink = sink;
        _telemetry = new JobTelemetry(telemetry);
        _detect = new DetectStage(detector, detect, telemetry is null ? null : telemetry.DetectorFailed);
        _track = new TrackStage(track, budget.WindowFrames, maxTrackSummaries);
        _synthesis = synthesis is null
            ? null
            : (new AlignStage(synthesis.Landmarks, synthesis.Shape, synthesis.Align, Math.Max(1, budget.AlignFrames)),
                new GenerateStage(
                    synthesis.Generator,
                    synthesis.Identity,
                    synthesis.Privacy,
                    synthesis.Topology,
                    Fit(synthesis.Generate, budget, detect),
                    telemetry is null ? null : telemetry.GeneratorFailed));
        _blend = new BlendStage(ladder);
        _mux = new MuxStage(sink);
        _ledger = new FrameLedger(onReceipt, telemetry);
        _expectedFrames = expectedFrames;
        _batchSize = detect.BatchSize;
    }

    /// <summary>How far the job is. May be called from any thread.</summary>
    public JobProgress Progress => new(
        _ledger.Decoded, _ledger.Emitted, _expectedFrames, _ledger.FacesCovered, _track.LiveTracks, _ledger.WholeFrames);

    /// <summary>Runs to the end and completes the sink. Call once.</summary>
    /// <exception cref="FaultException">A stage failed; the sink was not completed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; the sink was not completed.</exception>
    public async Task<JobResult> RunAsync(CancellationToken ct)
    {
        var decoded = _telemetry.Link<VideoFrame>(LinkName.Decoded, Math.Max(LinkCapacity, _batchSize));
        var detected = _telemetry.Link<DetectedFrame>(LinkName.Detected, LinkCapacity);
        var tracked = _telemetry.Link<TrackedFrame>(LinkName.Tracked, LinkCapacity);
        var anonymized = _telemetry.Link<AnonymizedFrame>(LinkName.Anonymized, LinkCapacity);
        var receipts = _telemetry.Link<FrameReceipt>(LinkName.Receipts, LinkCapacity);
        using var measured = _telemetry.Run(() => _track.LiveTracks);
        Task[] stages =
        [
            Task.Run(() => DemuxStage.RunAsync(_source, decoded, _ledger, ct), CancellationToken.None),
            Task.Run(() => StageRunner.RunAsync(_detect, decoded, detected, ct, _telemetry.Meter(StageName.Detect)), CancellationToken.None),
            Task.Run(() => StageRunner.RunAsync(_track, detected, tracked, ct, _telemetry.Meter(StageName.Track)), CancellationToken.None),
            .. RunSynthesis(tracked, out var drawn, ct),
            Task.Run(() => StageRunner.RunAsync(_blend, drawn, anonymized, ct, _telemetry.Meter(StageName.Blend)), CancellationToken.None),
            Task.Run(() => StageRunner.RunAsync(_mux, anonymized, receipts, ct, _telemetry.Meter(StageName.Mux)), CancellationToken.None),
            Task.Run(() => _ledger.RunAsync(receipts, ct), CancellationToken.None),
        ];
        await Task.WhenAll(stages).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ThrowFirstCause(stages, ct);
        _ledger.Close();
        await _sink.CompleteAsync(ct).ConfigureAwait(false);
        return new JobResult(
            new FrameCounts(_ledger.Decoded, _ledger.Emitted), _ledger.Outcomes, _ledger.Faces, _track.Summaries, _ledger.Failures);
    }

    /// <summary>Frames whose faces are being drawn must leave room for a detector's batch: else each stage waits for another.</summary>
    private static GenerateOptions Fit(GenerateOptions options, FrameBudget budget, DetectOptions detect)
    {
        var room = budget.PoolFrames - budget.WindowFrames - budget.AlignFrames - detect.BatchSize - 1;
        return options with { FramesInFlight = Math.Clamp(options.FramesInFlight, 1, Math.Max(1, room)) };
    }

    /// <param name="tracked">What comes in.</param>
    /// <param name="drawn">What comes out: the same link where faces are left to the ladder.</param>
    /// <param name="ct">Stops.</param>
    private Task[] RunSynthesis(Link<TrackedFrame> tracked, out Link<TrackedFrame> drawn, CancellationToken ct)
    {
        if (_synthesis is not var (align, generate))
        {
            drawn = tracked;
            return [];
        }

        var aligned = _telemetry.Link<AlignedFrame>(LinkName.Aligned, LinkCapacity);
        var output = drawn = _telemetry.Link<TrackedFrame>(LinkName.Drawn, LinkCapacity);
        return
        [
            Task.Run(() => StageRunner.RunAsync(align, tracked, aligned, ct, _telemetry.Meter(StageName.Align)), CancellationToken.None),
            Task.Run(() => StageRunner.RunAsync(generate, aligned, output, ct, _telemetry.Meter(StageName.Generate)), CancellationToken.None),
        ];
    }

    // One fault stops every stage: the others only report that a neighbour is gone.
    private static void ThrowFirstCause(Task[] stages, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var faults = stages.Where(stage => stage.Exception is not null).Select(stage => stage.Exception!.InnerException!).ToArray();
        var cause = faults.FirstOrDefault(fault => fault is not LinkAbandonedException) ?? faults.FirstOrDefault();
        if (cause is not null)
        {
            ExceptionDispatchInfo.Throw(cause);
        }

        // A stage that gave up although nobody asked it to.
        if (stages.Any(stage => stage.IsCanceled))
        {
            throw new OperationCanceledException("a stage was cancelled from within");
        }
    }
}
