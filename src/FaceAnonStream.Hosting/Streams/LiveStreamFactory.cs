using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Redaction;
using FaceAnonStream.Telemetry;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>Makes streams that share models, with ffmpeg beside this process.</summary>
public sealed class LiveStreamFactory : ILiveStreamFactory, IAsyncDisposable
{
    private readonly LiveModels _models;
    private readonly TimeProvider _time;

    private LiveStreamFactory(LiveModels models, TimeProvider time)
    {
        _models = models;
        _time = time;
    }

    /// <summary>Loads the models that the configured streams need; others load with the first stream that needs them.</summary>
    /// <param name="catalog">Where models are found.</param>
    /// <param name="service">What the service is asked to do.</param>
    /// <param name="time">Measures latency, stalls and waits.</param>
    /// <exception cref="FaultException">A model cannot be loaded.</exception>
    public static async Task<ILiveStreamFactory> LoadAsync(ModelCatalog catalog, ServiceConfiguration service, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(service);
        var models = new LiveModels(
            catalog, service.Models, service.IdentityKeyFile, service.Options, time);
        try
        {
            await models.DetectorAsync().ConfigureAwait(false);
            if (service.Streams.Any(stream => stream.Options.Redact.Method == RedactionMethod.Synthetic))
            {
                await models.SynthesisAsync().ConfigureAwait(false);
            }

            return new LiveStreamFactory(models, time);
        }
        catch
        {
            await models.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task<FaultException> Broken => _models.Broken;

    public ILiveStream Create(StreamConfiguration configuration, StreamTelemetry telemetry) =>
        new LiveStream(configuration, _models, telemetry, _time, FirstConnection.UntilMade);

    /// <summary>Frees the models. No stream may run any more.</summary>
    public ValueTask DisposeAsync() => _models.DisposeAsync();
}
