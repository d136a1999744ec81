using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Catalog;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// Draws synthetic faces: each has the pose and the expression of its landmarks, the light of a crop and the identity of
/// a latent. Not thread-safe: one call at a time.
/// </summary>
public sealed class SurrogateGenerator : IDisposable
{
    private static readonly string[] Outputs = ["face", "mask"];

    private readonly OnnxSession _session;
    private readonly int _points;
    private readonly int _latentLength;
    private readonly int _bands;
    private readonly TimeSpan _timeout;

    private SurrogateGenerator(OnnxSession session, TimeSpan timeout)
    {
        _session = session;
        _timeout = timeout;
        Size = Dimensions(session.InputMetadata, "context", [-1, 3, 0, 0])[3];
        Dimensions(session.InputMetadata, "context", [-1, 3, Size, Size]);
        _points = Dimensions(session.InputMetadata, "landmarks", [-1, 0, 2])[1];
        _latentLength = Dimensions(session.InputMetadata, "latent", [-1, 0])[1];
        _bands = Dimensions(session.InputMetadata, "detail", [-1, 0])[1];
        Dimensions(session.OutputMetadata, "face", [-1, 3, Size, Size]);
        Dimensions(session.OutputMetadata, "mask", [-1, 1, Size, Size]);
    }

    public ModelIdentity Model => _session.Model;

    /// <summary>Width and height of a crop in pixels.</summary>
    public int Size { get; }

    /// <summary>Loads a generator.</summary>
    /// <param name="source">The model.</param>
    /// <param name="gallery">Where its latents come from.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="timeout">Longest time of a call.</param>
    /// <param name="time">Measures it.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: the file cannot be read;
    /// <see cref="FaultOrigin.Model"/>: it is no such generator, or not the one that the gallery was made for;
    /// <see cref="FaultOrigin.Node"/>: ONNX Runtime does not work here.</exception>
    public static SurrogateGenerator Load(
        ModelSource source, SurrogateGallery gallery, OnnxSessionOptions options, TimeSpan timeout, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        var session = OnnxSession.Load(source, options, time);
        try
        {
            var generator = new SurrogateGenerator(session, timeout);
            generator.ThrowIfNoMatch(gallery);
            return generator;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Memory for calls of this generator.</summary>
    /// <param name="capacity">Most faces of a call, at least 1.</param>
    public FaceBatch CreateBatch(int capacity) => new(capacity, Size, _points, _latentLength, _bands);

    /// <summary>Draws the first faces of a batch.</summary>
    /// <param name="batch">Made by <see cref="CreateBatch"/>; its outputs are valid when the call has ended well.</param>
    /// <param name="count">How many, 1 to the batch's capacity.</param>
    /// <param name="ct">Gives the call up.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: inference failed, overstayed, or gave
    /// values that are not finite.</exception>
    public async Task GenerateAsync(FaceBatch batch, int count, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(batch.Size, Size, nameof(batch));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, batch.Capacity);
        batch.Contexts(count).CopyTo(_session.Input("context").Reshape(count, 3, Size, Size));
        batch.LandmarkSets(count).CopyTo(_session.Input("landmarks").Reshape(count, _points, 2));
        batch.Latents(count).CopyTo(_session.Input("latent").Reshape(count, _latentLength));
        batch.Details(count).CopyTo(_session.Input("detail").Reshape(count, _bands));
        using var outputs = await _session.RunAsync(Outputs, _timeout, ct).ConfigureAwait(false);
        Take(outputs[0], batch.Faces(count), Outputs[0]);
        Take(outputs[1], batch.Masks(count), Outputs[1]);
    }

    public void Dispose() => _session.Dispose();

    private void Take(OrtValue output, Span<float> destination, string name)
    {
        var values = output.GetTensorDataAsSpan<float>();
        if (values.Length != destination.Length)
        {
            throw Fault($"output {name} has {values.Length} values; expected {destination.Length}");
        }

        if (!Finite.All(values))
        {
            throw Fault("the generator gave values that are not finite");
        }

        values.CopyTo(destination);
    }

    private void ThrowIfNoMatch(SurrogateGallery gallery)
    {
        if (_points != gallery.Shape.PointCount || _latentLength != gallery.LatentLength)
        {
            throw Fault(
                $"takes {_points} landmarks and latents of {_latentLength}; "
                + $"the gallery has {gallery.Shape.PointCount} and {gallery.LatentLength}");
        }
    }

    /// <summary>A tensor's sides; in <paramref name="expected"/>, 0 stands for any size and -1 for a free one.</summary>
    private int[] Dimensions(IReadOnlyDictionary<string, NodeMetadata> tensors, string name, int[] expected)
    {
        var sides = tensors.TryGetValue(name, out var metadata)
            && metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            && metadata.ElementDataType == TensorElementType.Float
            ? metadata.Dimensions
            : throw Fault($"not a surrogate generator: {name} is missing or holds no floats");
        var fits = sides.Length == expected.Length && sides.Zip(expected).All(pair => pair.Second == 0 ? pair.First > 0 : pair.First == pair.Second);
        return fits
            ? sides
            : throw Fault($"not a surrogate generator: {name} is [{string.Join(", ", sides)}]");
    }

    private FaultException Fault(string message) => new(FaultOrigin.Model, $"{Model.Name}: {message}");
}
