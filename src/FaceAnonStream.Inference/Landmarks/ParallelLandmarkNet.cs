using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Landmarks;

/// <summary>
/// One or several landmark nets that share the faces of any number of callers. On a CPU, faces side by side on one thread each
/// cost less than one batch on several threads: small layers do not split well. Thread-safe.
/// </summary>
public sealed class ParallelLandmarkNet : ILandmarkNet
{
    private readonly IReadOnlyList<ILandmarkNet> _lanes;
    private readonly SharedLanes<ILandmarkNet, Part, IReadOnlyList<LandmarkReading>> _shared;

    internal ParallelLandmarkNet(IReadOnlyList<ILandmarkNet> lanes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lanes.Count, nameof(lanes));
        _lanes = lanes;

        // A part is a batch already, and the parts of other callers are of other frames.
        _shared = new SharedLanes<ILandmarkNet, Part, IReadOnlyList<LandmarkReading>>(
            lanes, maxBatch: 1, (_, _) => false, async (lane, parts, ct) => [await lane.ReadAsync(parts[0].Frame, parts[0].Squares, ct).ConfigureAwait(false)]);
    }

    public ModelIdentity Model => _lanes[0].Model;

    public int PointCount => _lanes[0].PointCount;

    public float CropFactor => _lanes[0].CropFactor;

    /// <summary>Loads a model's net: as many CPU lanes of one thread as <see cref="OnnxSessionOptions.Threads"/> allows, or
    /// one net on a GPU.</summary>
    /// <param name="model">A model for <see cref="ModelTask.FaceLandmarks"/>.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="timeout">Longest time of a call.</param>
    /// <param name="time">Measures it.</param>
    /// <exception cref="FaultException">As <see cref="LandmarkNet.Load"/> says.</exception>
    public static ILandmarkNet Load(CatalogModel model, OnnxSessionOptions options, TimeSpan timeout, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var template = model.Manifest is LandmarkManifest manifest
            ? manifest.Template
            : throw new ArgumentException($"{model.Name} is no model for landmarks", nameof(model));
        var perLane = options with { Threads = 1 };
        var lanes = new List<ILandmarkNet> { LandmarkNet.Load(model.Graph, template, perLane, timeout, time) };
        try
        {
            while (lanes.Count < options.EffectiveThreads && lanes[0].Model.Provider == "CPU")
            {
                var onCpu = perLane with { Provider = ProviderPreference.Cpu };
                lanes.Add(LandmarkNet.Load(model.Graph, template, onCpu, timeout, time));
            }

            return new ParallelLandmarkNet(lanes);
        }
        catch
        {
            lanes.ForEach(lane => lane.Dispose());
            throw;
        }
    }

    public async ValueTask<IReadOnlyList<LandmarkReading>> ReadAsync(
        VideoFrame frame, IReadOnlyList<FaceSquare> squares, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(squares);
        if (squares.Count == 0)
        {
            return [];
        }

        var parts = squares.Chunk((squares.Count + _lanes.Count - 1) / _lanes.Count)
            .Select(part => _shared.RunAsync(new Part(frame, part), ct));

        // All lanes have let go of the frame before one's failure is told.
        var readings = await Task.WhenAll(parts).ConfigureAwait(false);
        return [.. readings.SelectMany(part => part)];
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }
    }

    private readonly record struct Part(VideoFrame Frame, IReadOnlyList<FaceSquare> Squares);
}
