using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Service;

/// <summary>What a service is put together from.</summary>
public sealed record ServiceParts
{
    /// <summary>What it is asked to do.</summary>
    public required ServiceConfiguration Configuration { get; init; }

    /// <summary>Reads the configuration anew, for reloads.</summary>
    public required Func<ServiceResult> ReadConfiguration { get; init; }

    /// <summary>Loads models, which may take long, and gives what makes streams with them. Disposed of when the service ends,
    /// where it can be.</summary>
    public required Func<ServiceConfiguration, Task<ILiveStreamFactory>> CreateStreams { get; init; }

    /// <summary>Null where <c>/metrics</c> is not served.</summary>
    public IMetricsPage? Metrics { get; init; }

    /// <summary>Where log lines go.</summary>
    public required Action<ILoggingBuilder> Logging { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>How patient it is with streams.</summary>
    public StreamHostOptions Patience { get; init; } = new();

    /// <summary>Time between two snapshots of all streams at <c>/api/v1/events</c>.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromSeconds(1);
}
