using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Catalog;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>
/// One or several detectors that share the frames of any number of callers. On a CPU, frames side by side on one thread each
/// cost less than one frame after the other on several threads: small layers do not split well. On a GPU, frames of several
/// callers go through the network in one call. Thread-safe.
/// </summary>
public sealed class ParallelDetector : IFaceDetector
{
    private const int MaxThreads = 8;
    private const int MaxBatch = 64;
    private readonly IReadOnlyList<IFaceDetector> _lanes;
    private readonly SharedLanes<IFaceDetector, VideoFrame, IReadOnlyList<FaceDetection>> _shared;

    /// <param name="lanes">At least one; taken over.</param>
    /// <param name="maxBatch">Frames of one call of a lane.</param>
    internal ParallelDetector(IReadOnlyList<IFaceDetector> lanes, int maxBatch = 1)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lanes.Count, nameof(lanes));
        _lanes = lanes;
        _shared = new SharedLanes<IFaceDetector, VideoFrame, IReadOnlyList<FaceDetection>>(
            lanes, maxBatch, (one, other) => one.Format == other.Format, (lane, frames, ct) => lane.DetectAsync(frames, ct));
    }

    public ModelIdentity Model => _lanes[0].Model;

    /// <summary>Loads a YuNet model: as many CPU lanes as batches and threads allow, or one detector on a GPU.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">How faces are looked for.</param>
    /// <param name="provider">Where the network runs.</param>
    /// <param name="timeProvider">Measures the timeout.</param>
    /// <param name="callers">How many may ask at the same time, each for a batch.</param>
    /// <exception cref="Faults.FaultException">As the constructor of <see cref="YuNetDetector"/> says.</exception>
    public static IFaceDetector Load(
        ModelSource source, DetectOptions options, ProviderPreference provider, TimeProvider timeProvider, int callers = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        var threads = options.Threads > 0 ? options.Threads : Math.Min(Environment.ProcessorCount, MaxThreads);
        var batch = (int)Math.Min(MaxBatch, (long)options.BatchSize * callers);
        var count = Math.Min(threads, batch);
        var laneOptions = options with { Threads = threads / count, BatchSize = batch };
        var lanes = new List<IFaceDetector> { new YuNetDetector(source, laneOptions, provider, timeProvider) };
        try
        {
            while (lanes.Count < count && lanes[0].Model.Provider == "CPU")
            {
                lanes.Add(new YuNetDetector(source, laneOptions, ProviderPreference.Cpu, timeProvider));
            }

            return new ParallelDetector(lanes, lanes[0].Model.Provider == "CPU" ? 1 : batch);
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

        // All lanes have let go of their frames before one's failure is told.
        return await Task.WhenAll(frames.Select(frame => _shared.RunAsync(frame, ct))).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }
    }
}
