namespace FaceAnonStream.Service.Metrics;

/// <summary>What a metric counts.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>All series of one metric at one moment.</summary>
/// <param name="Name">As the text format allows it.</param>
/// <param name="Help">What it means, in one sentence.</param>
/// <param name="Kind">What it counts.</param>
/// <param name="Samples">One for each series of a counter or gauge.</param>
/// <param name="Histograms">One for each series of a histogram.</param>
internal sealed record MetricFamily(
    string Name, string Help, MetricKind Kind, IReadOnlyList<Sample> Samples, IReadOnlyList<HistogramSample> Histograms);

/// <summary>One number.</summary>
internal readonly record struct Sample(LabelSet Labels, double Value);

/// <summary>One distribution.</summary>
/// <param name="Labels">Which.</param>
/// <param name="Boundaries">Inclusive upper ends of all buckets but the last, which has none.</param>
/// <param name="Counts">Values in each bucket alone; one more than boundaries.</param>
/// <param name="Sum">Of all values.</param>
internal sealed record HistogramSample(LabelSet Labels, IReadOnlyList<double> Boundaries, long[] Counts, double Sum);
