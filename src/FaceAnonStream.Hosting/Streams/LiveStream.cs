using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>What happens when the very first connection to a source fails.</summary>
public enum FirstConnection
{
    /// <summary>The stream fails: somebody waits for it and may have mistyped the address.</summary>
    Once,

    /// <summary>It is tried until it is made: the camera may come up after us.</summary>
    UntilMade,
}

/// <summary>One run of a live stream: a source and a sink that outlive lost connections, and a job between them.</summary>
public sealed class LiveStream : ILiveStream
{
    /// <summary>The last slates of a source that is away leave by then.</summary>
    private static readonly TimeSpan FlushMargin = TimeSpan.FromMilliseconds(500);

    private readonly StreamConfiguration _configuration;
    private readonly LiveModels _models;
    private readonly TimeProvider _time;
    private readonly FirstConnection _firstConnection;
    private readonly Action<FrameReceipt>? _onReceipt;
    private readonly LatencyHistogram _latency = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StreamTelemetry _telemetry;
    private readonly StreamEnds _ends;
    private AnonymizationJob? _job;
    private FrameFormat? _format;
    private int? _lookAheadMs;
    private HlsStreamPreview? _preview;

    /// <param name="configuration">What to do.</param>
    /// <param name="models">Borrowed.</param>
    /// <param name="telemetry">Measures the stream, over this run and others. Borrowed.</param>
    /// <param name="time">Measures latency, stalls and waits.</param>
    /// <param name="firstConnection">What happens when the very first connection fails.</param>
    /// <param name="events">Also told of what happens at the ends; may be null.</param>
    /// <param name="onReceipt">Told of every anonymised frame, in order; it must not take long.</param>
    public LiveStream(
        StreamConfiguration configuration,
        LiveModels models,
        StreamTelemetry telemetry,
        TimeProvider time,
        FirstConnection firstConnection,
        IStreamEvents? events = null,
        Action<FrameReceipt>? onReceipt = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(telemetry);
        ArgumentNullException.ThrowIfNull(time);
        _configuration = configuration;
        _models = models;
        _time = time;
        _firstConnection = firstConnection;
        _onReceipt = onReceipt;
        _telemetry = telemetry;
        _ends = new StreamEnds(_telemetry, events);
    }

    public IStreamPreview? Preview => Volatile.Read(ref _preview);

    /// <summary>How far it is.</summary>
    public JobProgress Progress => _job?.Progress ?? JobProgress.None;

    /// <summary>Completes with the first connection to the source.</summary>
    public Task Connected => _connected.Task;

    public StreamVitals Vitals => new(_telemetry.Numbers, _format?.Width ?? 0, _format?.Height ?? 0, _lookAheadMs);

    /// <inheritdoc cref="ILiveStream.RunAsync"/>
    /// <returns>What was done.</returns>
    public async Task<LiveReport> RunAsync(CancellationToken ending, CancellationToken ct)
    {
        var options = _configuration.Options;
        var startedAt = _time.GetUtcNow();
        var start = _time.GetTimestamp();
        var detector = await _models.DetectorAsync().WaitAsync(ct).ConfigureAwait(false);
        List<ModelIdentity> models = [detector.Model];
        _telemetry.Uses(InferenceTask.Detection, detector.Model);
        Synthesis? synthesis = null;
        if (options.Redact.Method == RedactionMethod.Synthetic)
        {
            var synthesisModels = await _models.SynthesisAsync().WaitAsync(ct).ConfigureAwait(false);
            models.AddRange(synthesisModels.Models);
            synthesis = synthesisModels.For(_configuration.Name, options);
            _telemetry.Uses(InferenceTask.Landmarks, synthesis.Landmarks.Model);
            foreach (var model in synthesis.Generator.Models)
            {
                _telemetry.Uses(InferenceTask.Generation, model);
            }
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(ending, ct);
        JobResult? result = null;
        if (await ConnectAsync(either.Token, ct).ConfigureAwait(false) is { } input)
        {
            result = await RunAsync(input, detector, synthesis, ending, ct).ConfigureAwait(false);
        }

        var seconds = _time.GetElapsedTime(start).TotalSeconds;
        var report = new LiveReport
        {
            Source = _configuration.Source.Shown,
            Output = _configuration.Output.Shown,
            Method = options.Redact.Method,
            Width = _format?.Width ?? 0,
            Height = _format?.Height ?? 0,
            LookAheadMs = _lookAheadMs,
            Dropped = _telemetry.FramesDropped,
            Reconnects = _telemetry.Reconnects,
            LatencyMs = _latency.Quantile(0.5) is { } half ? new LatencyQuantiles(half, _latency.Quantile(0.99) ?? half) : null,
            Models = models,
            Timing = new JobTiming(startedAt, seconds, (result?.Frames.Emitted ?? 0) / seconds),
        };
        return result is null
            ? report
            : report with { Frames = result.Frames, Outcomes = result.Outcomes, Faces = result.Faces, Failures = result.Failures };
    }

    Task ILiveStream.RunAsync(CancellationToken ending, CancellationToken ct) => RunAsync(ending, ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Makes the first connection, which tells the format of the stream.</summary>
    /// <returns>Null when the stream was ended before.</returns>
    private async Task<LiveInput?> ConnectAsync(CancellationToken ending, CancellationToken ct)
    {
        var options = _configuration.Options;
        var live = options.Live;
        var limit = new PictureLimit(FrameBudget.LargestFrame(_configuration.FrameMemoryBytes, options.Detect, _configuration.Align));
        var backoff = Backoff.Between(live);
        while (true)
        {
            try
            {
                _ends.Changed(StreamEnd.Source, EndState.Connecting, null);
                var input = await LiveProbe.ProbeAsync(_configuration.Source, live, options.Media, limit, _time, ending).ConfigureAwait(false);
                _format = input.Format;
                _connected.TrySetResult();
                return input;
            }
            catch (FaultException fault) when (fault.Origin == FaultOrigin.Source && _firstConnection == FirstConnection.UntilMade)
            {
                _ends.Changed(StreamEnd.Source, EndState.Away, fault.Message);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return null;
            }

            await Task.Delay(backoff.Next(), _time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<JobResult> RunAsync(
        LiveInput input, IFaceDetector detector, Synthesis? synthesis, CancellationToken ending, CancellationToken ct)
    {
        var options = _configuration.Options;
        var align = _configuration.Align;
        var budget = FrameBudget.For(input.Format, input.FrameRate, _configuration.FrameMemoryBytes, options.Detect, options.Track, align);
        using var pool = new FramePool(input.Format, budget.PoolFrames);
        var lookAheadMs = budget.LookAheadMs(input.FrameRate, options.Track, align);
        _lookAheadMs = lookAheadMs;
        if (lookAheadMs < _configuration.WantedLookAheadMs)
        {
            _ends.LookAheadShortened(lookAheadMs, _configuration.WantedLookAheadMs);
        }

        var gate = new LatencyGate(TimeSpan.FromMilliseconds(options.Live.MaxLatencyMs), TimeSpan.FromMilliseconds(lookAheadMs), _time);
        await using var source = LiveSource.Open(input, pool, gate, options.Live, options.Media, _ends, _time, ending);
        var output = new LiveOutput(_configuration.Output, input.Format, source.TimeBase, input.FrameRate, input.SampleAspectRatio)
        {
            Media = options.Media,
            Live = options.Live,
            Overwrite = _configuration.Overwrite,
        };
        await using var preview = new HlsPreview(output, _time);
        var destination = LiveSink.Open(output, _ends, _time);
        await using var sink = new TeeSink(destination, preview);
        await using var absence = new SourceAbsence(
            TimeSpan.FromMilliseconds(options.Live.MaxLatencyMs) + FlushMargin, destination.EndOutputAsync, _time);
        if (options.Live.WhenAway == SourceAwayPolicy.End)
        {
            _ends.EndOutputWith(absence);
        }

        Volatile.Write(ref _preview, new HlsStreamPreview(preview));
        var job = _job = new AnonymizationJob(
            source,
            detector,
            RedactionLadder.For(options.Redact, input.Format),
            sink,
            options.Detect,
            options.Track,
            budget,
            expectedFrames: null,
            synthesis,
            receipt =>
            {
                gate.Leave(receipt.ArrivedAt);
                _latency.Add(_time.GetElapsedTime(receipt.ArrivedAt));
                _onReceipt?.Invoke(receipt);
            },
            _telemetry,
            maxTrackSummaries: 0);
        return await job.RunAsync(ct).ConfigureAwait(false);
    }
}
