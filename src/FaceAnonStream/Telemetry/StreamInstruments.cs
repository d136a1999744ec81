using System.Diagnostics.Metrics;
using System.Reflection;
using FaceAnonStream.Live;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Telemetry;

/// <summary>
/// The instruments of the process's one meter. Counters and gauges are read from the streams when somebody asks, so that a
/// stream that is gone is shown no longer; only histograms are told of every value. Labels are enums, configured names and
/// models: nothing that a picture or a peer can choose.
/// </summary>
internal static class StreamInstruments
{
    private static readonly string Version =
        typeof(StreamInstruments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static readonly Meter Meter = new("FaceAnonStream", Version);

    /// <summary>Seconds from a frame's arrival to its receipt. Dense where the look-ahead and 100 ms more end.</summary>
    public static readonly Histogram<double> AddedLatency = Meter.CreateHistogram(
        "faceanon.added.latency", "s", "Time from a frame's decoding to its being given to the encoder.", advice: Buckets(
            0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.425, 0.45, 0.475, 0.5, 0.525, 0.55, 0.6, 0.65, 0.7, 0.8, 1, 1.5, 2, 3, 5, 10));

    /// <summary>Seconds that a stage works on what it is given.</summary>
    public static readonly Histogram<double> StageDuration = Meter.CreateHistogram(
        "faceanon.stage.duration", "s", "Time that a stage works on a frame that it is given, without waiting for the next stage.", advice: Buckets(
            0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5));

    /// <summary>Pictures or faces of one call.</summary>
    public static readonly Histogram<double> BatchSize = Meter.CreateHistogram(
        "faceanon.model.batch.size", "{item}", "Pictures or faces of one call of a model.", advice: Buckets(1, 2, 4, 8, 16, 32, 64));

    static StreamInstruments()
    {
        CreateFrameCounters();
        CreateFaceCounters();
        CreateFaultCounters();
        CreateGauges();
    }

    /// <summary>The meter's name; whoever asks for it finds the instruments published.</summary>
    public static string MeterName => Meter.Name;

    private static void CreateFrameCounters()
    {
        Count("faceanon.frames.decoded", "{frame}", "Frames read from the decoder, dropped ones included.", stream => stream.Decoded);
        Count("faceanon.frames.emitted", "{frame}", "Frames given to the encoder.", stream => stream.Emitted);
        Count(
            "faceanon.frames.dropped",
            "{frame}",
            "Frames left out whole, where and why.",
            stream => Of(stream, stream.Drops, "reason", (DropReason reason) => Label.Of("stage", StageOf(reason))));
        Count(
            "faceanon.frames.anonymized",
            "{frame}",
            "Frames by the furthest rung that one of their faces needed.",
            stream => Of<OutcomeKind>(stream, stream.Outcomes, "outcome"));
        Count("faceanon.frames.predicted", "{frame}", "Frames in which a face was covered where it was believed to be, not seen.", stream => stream.Predicted);
        Count(
            "faceanon.uncovered.gap.frames",
            "{frame}",
            "Frames, counted per face, that left without a cover on a face that was covered before and after.",
            stream => stream.GapFrames);
    }

    private static void CreateFaceCounters()
    {
        Count(
            "faceanon.faces.covered",
            "{face}",
            "Faces covered, once per frame, by how, and whether they were seen there.",
            stream => Of(stream, stream.FacesObserved, "outcome", (OutcomeKind _) => Label.Of("evidence", Evidence.Observed))
                .Concat(Of(stream, stream.FacesPredicted, "outcome", (OutcomeKind _) => Label.Of("evidence", Evidence.Filled))));
        Count(
            "faceanon.faces.fallen",
            "{face}",
            "Faces that were to be replaced and got a heavier cover, once per frame, by reason.",
            stream => Of<FallbackReason>(stream, stream.Fallbacks, "reason"));
        Count("faceanon.tracks.started", "{track}", "Faces that began to be followed.", stream => stream.Tracks);
    }

    private static void CreateFaultCounters()
    {
        Count("faceanon.detector.failures", "{call}", "Calls of the detector that failed; their frames became solid.", stream => stream.DetectorFailures);
        Count("faceanon.generator.failures", "{face}", "Faces that could not be drawn because something failed.", stream => stream.GeneratorFailures);
        Count("faceanon.job.restarts", "{restart}", "How often the stream was started again.", stream => stream.Restarts);
        Count(
            "faceanon.reconnects",
            "{connection}",
            "Connections that were lost and made again.",
            stream => Enum.GetValues<StreamEnd>().Select(end => Measure(stream, stream.Ends.Reconnects(end), Label.Of("end", end))));
    }

    private static void CreateGauges()
    {
        Show("faceanon.tracks.live", "{track}", "Faces being followed now.", stream => [Measure(stream, stream.LiveTracks)]);
        Show("faceanon.stream.running", null, "Whether the stream's job runs: 1 or 0.", stream => [Measure(stream, stream.IsRunning ? 1 : 0)]);
        Show(
            "faceanon.queue.depth",
            "{frame}",
            "Frames that wait in a link between two stages.",
            stream => stream.Depths.Select((depth, link) => (depth, link)).Where(entry => entry.depth is not null)
                .Select(entry => Measure(stream, entry.depth!(), Label.Of("link", (LinkName)entry.link))));
        Show(
            "faceanon.end.state",
            null,
            "How an end of the stream is doing: 1 for the state that it is in.",
            stream =>
                from end in Enum.GetValues<StreamEnd>()
                let current = stream.Ends.State(end)
                from state in Enum.GetValues<EndState>()
                select Measure(stream, state == current ? 1 : 0, Label.Of("end", end), Label.Of("state", state)));
        Show(
            "faceanon.model.info",
            null,
            "Models that the stream uses, and where they run: 1.",
            stream => stream.Models.Select(use => Measure(
                stream, 1, Label.Of("task", use.Task), new("model", use.Model.Name), new("provider", use.Model.Provider))));
        Meter.CreateObservableGauge(
            "faceanon.build.info", () => new Measurement<long>(1, new KeyValuePair<string, object?>("version", Version)), null, "The program's version: 1.");
        Meter.CreateObservableGauge(
            "faceanon.streams.unlisted", () => (long)LiveStreams.UnlistedCount, "{stream}", "Streams that are not shown because there are too many.");
    }

    private static void Count(string name, string unit, string description, Func<StreamTelemetry, long> read) =>
        Count(name, unit, description, stream => [Measure(stream, read(stream))]);

    private static void Count(string name, string unit, string description, Func<StreamTelemetry, IEnumerable<Measurement<long>>> read) =>
        Meter.CreateObservableCounter(name, () => LiveStreams.All.SelectMany(read), unit, description);

    private static void Show(string name, string? unit, string description, Func<StreamTelemetry, IEnumerable<Measurement<long>>> read) =>
        Meter.CreateObservableGauge(name, () => LiveStreams.All.SelectMany(read), unit, description);

    private static IEnumerable<Measurement<long>> Of<T>(
        StreamTelemetry stream, Tally<T> tally, string key, Func<T, KeyValuePair<string, object?>>? second = null)
        where T : struct, Enum =>
        Enum.GetValues<T>().Select((value, i) => second is null
            ? Measure(stream, tally[i], Label.Of(key, value))
            : Measure(stream, tally[i], second(value), Label.Of(key, value)));

    private static Measurement<long> Measure(StreamTelemetry stream, long value, params IEnumerable<KeyValuePair<string, object?>> labels) =>
        new(value, [new(Label.StreamKey, stream.Name), .. labels]);

    private static StageName StageOf(DropReason reason) => reason == DropReason.SinkAway ? StageName.Mux : StageName.Demux;

    private static InstrumentAdvice<double> Buckets(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
