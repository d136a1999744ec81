using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Catalog;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>
/// Several detectors that share a batch. On a CPU, frames side by side on one thread each cost less than one frame after
/// the other on several threads: small layers do not split well.
/// </summary>
public sealed class ParallelDetector : IFaceDetector
{
    private const int MaxThreads = 8;
    private readonly IReadOnlyList<IFaceDetector> _lanes;

    internal ParallelDetector(IReadOnlyList<IFaceDetector> lanes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lanes.Count, nameof(lanes));
        _lanes = lanes;
    }

    public ModelIdentity Model => _lanes[0].Model;

    /// <summary>Loads a YuNet model: as many CPU lanes as batch and threads allow, or one detector on a GPU.</summary>
    /// <inheritdoc cref="YuNetDetector(ModelSource, DetectOptions, ProviderPreference, TimeProvider)"/>
    public static IFaceDetector Load(
        ModelSource source, DetectOptions options, ProviderPreference provider, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        var threads = options.Threads > 0 ? options.Threads : Math.Min(Environment.ProcessorCount, MaxThreads);
        var count = Math.Min(threads, options.BatchSize);
        var laneOptions = options with { Threads = threads / count };
        var lanes = new List<IFaceDetector> { new YuNetDetector(source, laneOptions, provider, timeProvider) };
        try
        {
            while (lanes.Count < count && lanes[0].Model.Provider == "CPU")
            {
                lanes.Add(new YuNetDetector(source, laneOptions, ProviderPreference.Cpu, timeProvider));
            }

            return lanes.Count == 1 ? lanes[0] : new ParallelDetector(lanes);
        }
        catch
        {
            lanes.ForEach(lane => lane.Dispose());
            throw;
        }
    }

    public async ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(
        IReadOnlyList<VideoFrame> frames, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var parts = frames.Chunk((frames.Count + _lanes.Count - 1) / _lanes.Count)
            .Select((part, lane) => _lanes[lane].DetectAsync(part, ct).AsTask());

        // All lanes have let go of their frames before one's failure is told.
        var faces = await Task.WhenAll(parts).ConfigureAwait(false);
        return [.. faces.SelectMany(part => part)];
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }
    }
}
