using System.Text;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Service.Metrics;

/// <summary>The metrics of this process in Prometheus' text format 0.0.4: the pipeline's own, and memory, garbage collection
/// and processor time of the runtime. It collects from its making to its disposal; a process needs one.</summary>
public sealed class MetricsPage : IMetricsPage, IDisposable
{
    /// <summary>Series shown at most; what goes beyond is counted instead.</summary>
    public const int MaxSeries = 32_768;

    private const string RuntimeMeter = "System.Runtime";

    /// <summary>What of the runtime's own metrics helps whoever looks after streams; none has a label that can grow.</summary>
    private static readonly string[] RuntimeInstruments =
    [
        "dotnet.process.memory.working_set",
        "dotnet.process.cpu.time",
        "dotnet.gc.collections",
        "dotnet.gc.pause.time",
        "dotnet.gc.heap.total_allocated",
        "dotnet.gc.last_collection.heap.size",
        "dotnet.gc.last_collection.memory.committed_size",
        "dotnet.thread_pool.queue.length",
    ];

    private readonly InstrumentCollector _collector;

    /// <param name="maxSeries">Series shown at most.</param>
    public MetricsPage(int maxSeries = MaxSeries)
    {
        var own = StreamTelemetry.MeterName;
        _collector = new InstrumentCollector(
            instrument => instrument.Meter.Name == own
                || (instrument.Meter.Name == RuntimeMeter && RuntimeInstruments.Contains(instrument.Name)),
            StreamTelemetry.IsShown,
            maxSeries);
    }

    public async Task WriteAsync(Stream output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(output);
        var text = new StringBuilder();
        foreach (var family in _collector.Collect())
        {
            PrometheusText.Write(text, family);
        }

        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), ct).ConfigureAwait(false);
    }

    public void Dispose() => _collector.Dispose();
}
