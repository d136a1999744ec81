using System.Runtime.InteropServices;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Telemetry;
using Microsoft.ML.OnnxRuntime;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>
/// Finds faces with a YuNet model (W. Wu, H. Peng, S. Yu, Machine Intelligence Research 20, 2023). Frames, and tiles of
/// frames, go through the network <see cref="DetectOptions.BatchSize"/> at a time.
/// </summary>
public sealed class YuNetDetector : IFaceDetector
{
    /// <summary>192 MiB of input, whatever the options say.</summary>
    private const int MaxPixelsPerCall = 1 << 24;

    /// <summary>Streams that share a detector may differ in format; few do.</summary>
    private const int MaxFormats = 16;

    private readonly DetectOptions _options;
    private readonly OnnxSession _session;
    private readonly (int Width, int Height)? _fixedSize;
    private readonly bool _batchIsFree;
    private readonly List<FaceDetection> _found = [];
    private readonly Dictionary<FrameFormat, Geometry> _geometries = [];

    /// <param name="source">The model.</param>
    /// <param name="options">How faces are looked for.</param>
    /// <param name="provider">Where the network runs.</param>
    /// <param name="timeProvider">Measures the timeout; the system's when null.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: the file cannot be read;
    /// <see cref="FaultOrigin.Model"/>: it is no YuNet; <see cref="FaultOrigin.Node"/>: ONNX Runtime,
    /// or the CUDA that was asked for, does not work here.</exception>
    public YuNetDetector(
        ModelSource source,
        DetectOptions options,
        ProviderPreference provider = ProviderPreference.Auto,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var sessionOptions = new OnnxSessionOptions { Threads = options.Threads, Provider = provider };
        _session = OnnxSession.Load(source, sessionOptions, timeProvider ?? TimeProvider.System);
        try
        {
            _fixedSize = YuNetContract.Check(_session);
            _batchIsFree = _session.InputMetadata[YuNetContract.Input].Dimensions[0] == -1;
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public ModelIdentity Model => _session.Model;

    /// <inheritdoc cref="OnnxSession.FallbackReason"/>
    public string? FallbackReason => _session.FallbackReason;

    public async ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(
        IReadOnlyList<VideoFrame> frames, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfZero(frames.Count, nameof(frames));
        var geometry = GeometryOf(frames);
        var results = new FrameFaces[frames.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = new FrameFaces([], []);
        }

        // Image i shows view i % views of frame i / views.
        var images = frames.Count * geometry.Packers.Count;
        for (var first = 0; first < images; first += geometry.ImagesPerCall)
        {
            var count = Math.Min(geometry.ImagesPerCall, images - first);
            // Packing reads the frames, so it is waited for without a deadline; the network reads only the tensor.
            await Task.Run(() => Pack(geometry, frames, first, count, ct), CancellationToken.None).ConfigureAwait(false);
            InferenceTelemetry.BatchRan(InferenceTask.Detection, count);
            using var outputs = await _session.RunAsync(
                YuNetContract.Outputs, TimeSpan.FromMilliseconds(_options.TimeoutMs), ct).ConfigureAwait(false);
            for (var image = 0; image < count; image++)
            {
                var (frame, view) = Math.DivRem(first + image, geometry.Packers.Count);
                Decode(outputs, image, count, geometry, geometry.Layout.Views[view], results[frame]);
            }
        }

        foreach (var (faces, fragments) in results)
        {
            TileMerge.Run(faces, fragments, (float)_options.NmsIou);
        }

        return Array.ConvertAll(results, result => (IReadOnlyList<FaceDetection>)result.Faces);
    }

    public void Dispose() => _session.Dispose();

    private Geometry GeometryOf(IReadOnlyList<VideoFrame> frames)
    {
        var format = frames[0].Format;
        for (var i = 1; i < frames.Count; i++)
        {
            if (frames[i].Format != format)
            {
                throw new ArgumentException("the frames of a batch must have one format", nameof(frames));
            }
        }

        if (!_geometries.TryGetValue(format, out var geometry))
        {
            var layout = DetectionLayout.Create(format, _options, _fixedSize);
            var packers = layout.Views.Select(view => new PlanePacker(format, view, layout.TensorWidth, layout.TensorHeight));
            var fitting = Math.Max(1, MaxPixelsPerCall / (layout.TensorWidth * layout.TensorHeight));
            var imagesPerCall = _batchIsFree ? Math.Min(_options.BatchSize, fitting) : 1;
            if (_geometries.Count >= MaxFormats)
            {
                _geometries.Clear();
            }

            geometry = new Geometry(format, layout, [.. packers], imagesPerCall);
            _geometries.Add(format, geometry);
        }

        return geometry;
    }

    private void Pack(Geometry geometry, IReadOnlyList<VideoFrame> frames, int first, int count, CancellationToken ct)
    {
        var layout = geometry.Layout;
        var tensor = _session.Input(YuNetContract.Input).Reshape(count, 3, layout.TensorHeight, layout.TensorWidth);
        var length = tensor.Length / count;
        for (var image = 0; image < count; image++)
        {
            ct.ThrowIfCancellationRequested();
            var (frame, view) = Math.DivRem(first + image, geometry.Packers.Count);
            geometry.Packers[view].Pack(frames[frame], tensor.Slice(image * length, length));
        }
    }

    private void Decode(
        IReadOnlyList<OrtValue> outputs, int image, int images, Geometry geometry, DetectionView view, FrameFaces result)
    {
        _found.Clear();
        for (var level = 0; level < YuNetContract.Strides.Length; level++)
        {
            var stride = YuNetContract.Strides[level];
            var columns = geometry.Layout.TensorWidth / stride;
            var cells = columns * (geometry.Layout.TensorHeight / stride);
            YuNetDecoder.Decode(
                new YuNetLevel
                {
                    Stride = stride,
                    Columns = columns,
                    Class = Values(outputs, level, 0, image, images, cells),
                    Object = Values(outputs, level, 1, image, images, cells),
                    Box = Values(outputs, level, 2, image, images, cells),
                    Points = Values(outputs, level, 3, image, images, cells),
                },
                (float)_options.MinScore,
                _found);
        }

        var survivors = NonMaximumSuppression.Run(CollectionsMarshal.AsSpan(_found), (float)_options.NmsIou);
        foreach (ref readonly var found in CollectionsMarshal.AsSpan(_found)[..survivors])
        {
            // Finite outputs may still overflow: the sizes are logarithms.
            var face = found.Box.IsFinite ? view.ToFrame(found) : throw NotFinite();
            if (face.Box.IntersectionOverUnion(geometry.Bounds) > 0)
            {
                (view.MayCut(face.Box, geometry.Format) ? result.Fragments : result.Faces).Add(face);
            }
        }
    }

    /// <summary>One image's part of one output.</summary>
    private ReadOnlySpan<float> Values(IReadOnlyList<OrtValue> outputs, int level, int kind, int image, int images, int cells)
    {
        var index = (level * YuNetContract.ValuesPerCell.Length) + kind;
        var all = outputs[index].GetTensorDataAsSpan<float>();
        var length = cells * YuNetContract.ValuesPerCell[kind];
        if (all.Length != length * images)
        {
            throw new FaultException(
                FaultOrigin.Model,
                $"{Model.Name}: output {YuNetContract.Outputs[index]} has {all.Length} values; expected {length * images}");
        }

        var values = all.Slice(image * length, length);
        return Finite.All(values) ? values : throw NotFinite();
    }

    private FaultException NotFinite() => new(FaultOrigin.Model, $"{Model.Name}: the detector gave values that are not finite");

    /// <summary>What depends on the frames' format only.</summary>
    private sealed record Geometry(
        FrameFormat Format, DetectionLayout Layout, IReadOnlyList<PlanePacker> Packers, int ImagesPerCall)
    {
        public RectF Bounds { get; } = new(0, 0, Format.Width, Format.Height);
    }

    /// <summary>What was found in one frame; fragments may have been cut off by a tile's border.</summary>
    private readonly record struct FrameFaces(List<FaceDetection> Faces, List<FaceDetection> Fragments);
}
