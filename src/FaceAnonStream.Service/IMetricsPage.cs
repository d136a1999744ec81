namespace FaceAnonStream.Service;

/// <summary>Writes the metrics of this process.</summary>
public interface IMetricsPage
{
    /// <summary>Writes all of them in Prometheus' text format 0.0.4.</summary>
    Task WriteAsync(Stream output, CancellationToken ct);
}
