using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Models;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>
/// The models that the live streams of a process share. They load at the first stream that needs them, those that draw faces
/// at the first stream that wants faces drawn; a failure to load is the failure of those that wait for it, and the next one tries
/// again.
/// </summary>
public sealed class LiveModels : IAsyncDisposable
{
    /// <summary>A run fails after a few calls and is started again within half a minute: in this time there are several.</summary>
    private static readonly TimeSpan FailingPatience = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource<FaultException> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SharedLoad<IFaceDetector> _detector;
    private readonly SharedLoad<SynthesisModels> _synthesis;

    /// <param name="catalog">Where models are found.</param>
    /// <param name="paths">Which ones.</param>
    /// <param name="keyPath">File with the secret that identities are drawn with; null draws a fresh one.</param>
    /// <param name="options">How models are run; streams have no say in that.</param>
    /// <param name="time">Measures deadlines.</param>
    public LiveModels(ModelCatalog catalog, ModelPaths paths, string? keyPath, FaceAnonOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);

        // One thread for each frame, also where there is one stream: several would wait for each other beside busy encoders,
        // which made one frame in a hundred twice as late.
        var callers = Environment.ProcessorCount;
        var timeouts = 4 * TimeSpan.FromMilliseconds(options.Detect.TimeoutMs);
        _detector = new(() => Task.FromResult<IFaceDetector>(new WatchedDetector(
            ParallelDetector.Load(
                catalog.Resolve(ModelTask.FaceDetection, paths.Detector).Graph, options.Detect, ProviderPreference.Auto, time, callers),
            timeouts > FailingPatience ? timeouts : FailingPatience,
            time,
            fault => _broken.TrySetResult(fault))));
        _synthesis = new(async () =>
        {
            var models = await SynthesisModels.LoadAsync(catalog, paths, keyPath, options, time).ConfigureAwait(false);
            await Rehearsal.TryAsync(() => models.For(nameof(Rehearsal), options), Environment.ProcessorCount).ConfigureAwait(false);
            return models;
        });
    }

    /// <summary>Completes when what finds faces fails for every stream and for so long that only a new process may help: what a
    /// GPU lost, or a native call that does not return, cannot be put right in this one.</summary>
    public Task<FaultException> Broken => _broken.Task;

    /// <summary>What finds faces.</summary>
    /// <exception cref="FaultException">It cannot be loaded.</exception>
    public Task<IFaceDetector> DetectorAsync() => _detector.GetAsync();

    /// <summary>What draws faces.</summary>
    /// <exception cref="FaultException">It cannot be loaded.</exception>
    public Task<SynthesisModels> SynthesisAsync() => _synthesis.GetAsync();

    /// <summary>Frees what was loaded. No stream may use it any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _detector.DisposeAsync().ConfigureAwait(false);
        await _synthesis.DisposeAsync().ConfigureAwait(false);
    }
}
