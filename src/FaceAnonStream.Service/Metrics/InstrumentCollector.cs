using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FaceAnonStream.Service.Metrics;

/// <summary>
/// Listens to the platform's instruments: observable ones are asked at every collection, and show what they say then;
/// histograms add up from the beginning, for as long as their stream is shown. From any thread.
/// </summary>
internal sealed class InstrumentCollector : IDisposable
{
    private readonly Func<string, bool> _isShown;
    private readonly int _maxSeries;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = [];
    private readonly Lock _collecting = new();
    private long _refused;
    private long _failures;

    /// <param name="wanted">Which instruments to listen to.</param>
    /// <param name="isShown">Whether a stream is shown: histograms of others are forgotten.</param>
    /// <param name="maxSeries">Series shown at most.</param>
    public InstrumentCollector(Predicate<Instrument> wanted, Func<string, bool> isShown, int maxSeries)
    {
        _isShown = isShown;
        _maxSeries = maxSeries;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (wanted(instrument) && InstrumentSeries.CanCollect(instrument))
            {
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, New));
            }
        };
        _listener.MeasurementsCompleted = (instrument, state) => _instruments.TryRemove(new(instrument, (InstrumentSeries)state!));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Take(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<double>(Take);
        _listener.Start();
    }

    /// <summary>Every metric that has a value now, by name.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (_collecting)
        {
            Observe();
            var families = new List<MetricFamily>();
            var room = _maxSeries;
            foreach (var series in _instruments.Values.OrderBy(series => series.Name, StringComparer.Ordinal))
            {
                var family = series.Collect(_isShown);
                var taken = family with { Samples = [.. family.Samples.Take(room)], Histograms = [.. family.Histograms.Take(room)] };
                var shown = taken.Samples.Count + taken.Histograms.Count;
                _refused += family.Samples.Count + family.Histograms.Count - shown;
                room -= shown;
                if (shown > 0 && families.TrueForAll(other => other.Name != family.Name))
                {
                    families.Add(taken);
                }
            }

            var refused = _refused + _instruments.Values.Sum(series => series.Refused);
            families.Add(Own("faceanon_metrics_refused_total", "Values that are not shown because there are too many series.", refused));
            families.Add(Own("faceanon_metrics_failures_total", "Times that an instrument failed to say its value.", _failures));
            return families;
        }
    }

    public void Dispose() => _listener.Dispose();

    private static MetricFamily Own(string name, string help, long value) =>
        new(name, help, MetricKind.Counter, [new Sample(new LabelSet([]), value)], []);

    private static void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var series = (InstrumentSeries)state!;
        if (instrument.IsObservable)
        {
            series.Observe(value, tags);
        }
        else
        {
            series.Record(value, tags);
        }
    }

    private InstrumentSeries New(Instrument instrument) => new(instrument, _maxSeries);

    private void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException exception)
        {
            // All others have said theirs: one that fails must not blind whoever watches.
            _failures += exception.InnerExceptions.Count;
        }
    }
}
