using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FaceAnonStream.Service.Metrics;

/// <summary>The series of one instrument.</summary>
internal sealed class InstrumentSeries
{
    private readonly double[]? _boundaries;
    private readonly int _maxSeries;
    private readonly ConcurrentDictionary<LabelSet, HistogramSeries> _histograms = new(new LabelSet.Comparer());
    private readonly Dictionary<LabelSet, double> _observed = new(new LabelSet.Comparer());
    private long _refused;

    /// <param name="instrument">Observable, or a histogram of real numbers that says its buckets.</param>
    /// <param name="maxSeries">Series kept at most.</param>
    public InstrumentSeries(Instrument instrument, int maxSeries)
    {
        _boundaries = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray();
        _maxSeries = maxSeries;
        Kind = PrometheusName.KindOf(instrument);
        Name = PrometheusName.Of(instrument.Name, instrument.Unit, Kind);
        Help = instrument.Description ?? "";
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Values that were left out because there were too many series.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Whether its values can be collected at all.</summary>
    public static bool CanCollect(Instrument instrument) =>
        instrument.IsObservable || instrument is Histogram<double> { Advice.HistogramBucketBoundaries: not null };

    /// <summary>A value of a histogram, from any thread; nothing is allocated for a series that is known.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var histograms = _histograms.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        if (!histograms.TryGetValue(tags, out var series))
        {
            if (_histograms.Count >= _maxSeries)
            {
                Interlocked.Increment(ref _refused);
                return;
            }

            series = _histograms.GetOrAdd(new LabelSet(tags.ToArray()), static (_, boundaries) => new HistogramSeries(boundaries), _boundaries!);
        }

        series.Record(value);
    }

    /// <summary>A value of an observable instrument, while it is being asked. One thread.</summary>
    public void Observe(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var observed = _observed.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        if (_observed.Count >= _maxSeries && !observed.ContainsKey(tags))
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        observed[tags] = value;
    }

    /// <summary>What was observed since the last call, and the histograms whose stream is still shown. One thread.</summary>
    /// <param name="isShown">Whether a stream is.</param>
    public MetricFamily Collect(Func<string, bool> isShown)
    {
        Sample[] samples = [.. _observed.Select(entry => new Sample(entry.Key, entry.Value))];
        _observed.Clear();
        var histograms = new List<HistogramSample>();
        foreach (var (labels, series) in _histograms)
        {
            if (labels["stream"] is { } stream && !isShown(stream))
            {
                _histograms.TryRemove(labels, out _);
            }
            else
            {
                histograms.Add(series.Read(labels));
            }
        }

        return new MetricFamily(Name, Help, Kind, samples, histograms);
    }
}
