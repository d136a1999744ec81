using FaceAnonStream.Detection;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
using FaceAnonStream.Muxing;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Telemetry;

/// <summary>
/// What is measured of one stream, for as long as it is configured, across restarts of its job. Metrics show it until it is
/// disposed. From any thread; one flow books receipts. What is called per frame allocates nothing.
/// </summary>
public sealed class StreamTelemetry : IStreamEvents, IDisposable
{
    /// <summary>A generator has a few graphs, of a size each.</summary>
    private const int MaxModels = 8;

    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?>[] _label;
    private readonly KeyValuePair<string, object?>[][] _stages;
    private readonly CoverageGaps _gaps = new();
    private readonly Lock _lock = new();
    private ModelUse[] _models = [];
    private RunningJob? _job;
    private long _entered;
    private long _emitted;
    private long _predicted;
    private long _gapFrames;
    private long _tracks;
    private long _jobs;
    private long _detectorFailures;
    private long _generatorFailures;
    private long _unwrittenBooked;
    private double _latency;
    private int _highestTrack;

    /// <param name="stream">Its configured name, the value of the label <c>stream</c>.</param>
    /// <param name="time">Whose timestamps frames arrive with.</param>
    public StreamTelemetry(string stream, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        ArgumentNullException.ThrowIfNull(time);
        Name = stream;
        _time = time;
        _label = [new(Label.StreamKey, stream)];
        _stages = Label.ForEach<StageName>(stream, "stage");
        LiveStreams.Add(this);
    }

    /// <summary>The stream's name.</summary>
    public string Name { get; }

    /// <summary>How the stream is doing.</summary>
    public StreamNumbers Numbers => new(
        Ends.State(StreamEnd.Source),
        Ends.State(StreamEnd.Sink),
        Ends.Problem,
        Decoded,
        Emitted,
        Drops.Total,
        FacesObserved.Total + FacesPredicted.Total,
        Fallbacks.Total,
        Outcomes[(int)OutcomeKind.WholeFrame],
        LiveTracks,
        Ends.Reconnects(StreamEnd.Source) + Ends.Reconnects(StreamEnd.Sink),
        Volatile.Read(ref _latency) * 1000);

    /// <summary>Frames that did not reach the sink.</summary>
    public DropCounts FramesDropped => new(Drops[(int)DropReason.Backlog], Drops[(int)DropReason.NoMemory], Drops[(int)DropReason.SinkAway]);

    /// <summary>Connections that were made again.</summary>
    public ReconnectCounts Reconnects => new(Ends.Reconnects(StreamEnd.Source), Ends.Reconnects(StreamEnd.Sink));

    internal TimeProvider Time => _time;

    internal EndStates Ends { get; } = new();

    internal Tally<DropReason> Drops { get; } = new();

    /// <summary>Frames by outcome.</summary>
    internal Tally<OutcomeKind> Outcomes { get; } = new();

    /// <summary>Faces that were seen where they were covered, by outcome.</summary>
    internal Tally<OutcomeKind> FacesObserved { get; } = new();

    /// <summary>Faces that were covered by prediction only, by outcome.</summary>
    internal Tally<OutcomeKind> FacesPredicted { get; } = new();

    internal Tally<FallbackReason> Fallbacks { get; } = new();

    internal long Decoded => Volatile.Read(ref _entered) + Drops[(int)DropReason.Backlog] + Drops[(int)DropReason.NoMemory];

    internal long Emitted => Volatile.Read(ref _emitted);

    /// <summary>Frames in which a face was covered by prediction only.</summary>
    internal long Predicted => Volatile.Read(ref _predicted);

    internal long GapFrames => Volatile.Read(ref _gapFrames);

    internal long Tracks => Volatile.Read(ref _tracks);

    internal long Restarts => Math.Max(0, Volatile.Read(ref _jobs) - 1);

    internal long DetectorFailures => Volatile.Read(ref _detectorFailures);

    internal long GeneratorFailures => Volatile.Read(ref _generatorFailures);

    internal bool IsRunning => Volatile.Read(ref _job) is not null;

    internal int LiveTracks => Volatile.Read(ref _job)?.LiveTracks() ?? 0;

    internal IReadOnlyList<Func<int>?> Depths => Volatile.Read(ref _job)?.Depths ?? [];

    internal IReadOnlyList<ModelUse> Models => Volatile.Read(ref _models);

    /// <summary>Name of the meter that every stream is measured by; its instruments are published by now.</summary>
    public static string MeterName => StreamInstruments.MeterName;

    /// <summary>Whether metrics show a stream of this name.</summary>
    public static bool IsShown(string stream) => LiveStreams.Has(stream);

    /// <summary>Measures one stage of this stream.</summary>
    public StageMeter Meter(StageName stage) => new(StreamInstruments.StageDuration, _stages[(int)stage], _time);

    /// <summary>A frame came in.</summary>
    public void FrameDecoded() => Interlocked.Increment(ref _entered);

    /// <inheritdoc/>
    public void Dropped(DropReason reason) => Drops.Add((int)reason);

    /// <inheritdoc/>
    public void Changed(StreamEnd end, EndState state, string? reason) => Ends.Change(end, state, reason);

    /// <summary>A call of the detector failed.</summary>
    public void DetectorFailed() => Interlocked.Increment(ref _detectorFailures);

    /// <summary>The generator failed at a face.</summary>
    public void GeneratorFailed() => Interlocked.Increment(ref _generatorFailures);

    /// <summary>The stream uses a model; said again, where it runs now.</summary>
    public void Uses(InferenceTask task, ModelIdentity model)
    {
        ArgumentNullException.ThrowIfNull(model);
        lock (_lock)
        {
            var others = _models.Where(use => use.Task != task || use.Model.Name != model.Name).TakeLast(MaxModels - 1);
            Volatile.Write(ref _models, [.. others, new ModelUse(task, model)]);
        }
    }

    /// <summary>A frame's receipt was booked. One flow, in order.</summary>
    public void Booked(FrameReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        CountEmitted();
        Outcomes.Add((int)receipt.Outcome.Kind);
        CountFaces(receipt.Outcome.Faces);
        Interlocked.Add(ref _gapFrames, _gaps.Book(receipt));
        if (receipt.ArrivedAt != 0)
        {
            var latency = _time.GetElapsedTime(receipt.ArrivedAt).TotalSeconds;
            Volatile.Write(ref _latency, latency);
            StreamInstruments.AddedLatency.Record(latency, _label);
        }
    }

    /// <summary>Metrics show the stream no longer.</summary>
    public void Dispose() => LiveStreams.Remove(this);

    internal void Began(RunningJob job)
    {
        Interlocked.Increment(ref _jobs);
        // Tracks are numbered anew.
        _highestTrack = 0;
        _gaps.Reset();
        Volatile.Write(ref _job, job);
    }

    /// <summary>A job has ended; a later one may have begun.</summary>
    internal void Ended(RunningJob job) => Interlocked.CompareExchange(ref _job, null, job);

    /// <summary>What the sink left out has a receipt like any other frame. It was told of before that, so that the number
    /// of written frames is never too high, and it must never go back.</summary>
    private void CountEmitted()
    {
        if (_unwrittenBooked < Drops[(int)DropReason.SinkAway])
        {
            _unwrittenBooked++;
        }
        else
        {
            Interlocked.Increment(ref _emitted);
        }
    }

    private void CountFaces(IReadOnlyList<FaceOutcome> faces)
    {
        var isPredicted = false;
        for (var i = 0; i < faces.Count; i++)
        {
            var face = faces[i];
            (face.Observed ? FacesObserved : FacesPredicted).Add((int)face.Kind);
            isPredicted |= !face.Observed;
            if (face.Fallback is { } reason)
            {
                Fallbacks.Add((int)reason);
            }

            if (face.Face.TrackId > _highestTrack)
            {
                Interlocked.Add(ref _tracks, face.Face.TrackId - _highestTrack);
                _highestTrack = face.Face.TrackId;
            }
        }

        Interlocked.Add(ref _predicted, isPredicted ? 1 : 0);
    }
}
