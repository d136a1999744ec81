using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;
using FaceAnonStream.Telemetry;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceAnonStream.Inference.Landmarks;

/// <summary>
/// Reads landmarks with a network of one input <c>image</c> [N, 1, S, S], full-range BT.601 luma of 0 to 255, and two
/// outputs: <c>points</c> [N, P, 2], in sides of the crop, and <c>usability</c> [N, 1].
/// </summary>
public sealed class LandmarkNet : ILandmarkNet
{
    /// <summary>Faces of one call: more would not make a CPU faster, and few frames have more.</summary>
    public const int MaxBatch = 16;

    private const string Input = "image";
    private static readonly string[] Outputs = ["points", "usability"];

    private readonly OnnxSession _session;
    private readonly int _size;
    private readonly TimeSpan _timeout;
    private FaceCropper? _cropper;

    private LandmarkNet(OnnxSession session, LandmarkTemplate template, TimeSpan timeout)
    {
        _session = session;
        _timeout = timeout;
        _size = template.Size;
        PointCount = template.Points.Count;
        CropFactor = (float)template.Factor;
        ThrowIfOther(session.InputMetadata, Input, [-1, 1, _size, _size]);
        ThrowIfOther(session.OutputMetadata, Outputs[0], [-1, PointCount, 2]);
        ThrowIfOther(session.OutputMetadata, Outputs[1], [-1, 1]);
    }

    public ModelIdentity Model => _session.Model;

    public int PointCount { get; }

    public float CropFactor { get; }

    /// <summary>Loads a net.</summary>
    /// <param name="source">The model.</param>
    /// <param name="template">What its manifest says about crops and points.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="timeout">Longest time of a call.</param>
    /// <param name="time">Measures it.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: the file cannot be read;
    /// <see cref="FaultOrigin.Model"/>: it is no such net; <see cref="FaultOrigin.Node"/>: ONNX Runtime does not work here.</exception>
    public static LandmarkNet Load(
        ModelSource source, LandmarkTemplate template, OnnxSessionOptions options, TimeSpan timeout, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(template);
        var session = OnnxSession.Load(source, options, time);
        try
        {
            return new LandmarkNet(session, template, timeout);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public async ValueTask<IReadOnlyList<LandmarkReading>> ReadAsync(
        VideoFrame frame, IReadOnlyList<FaceSquare> squares, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(squares);
        var readings = new List<LandmarkReading>(squares.Count);
        foreach (var batch in squares.Chunk(MaxBatch))
        {
            // Cropping reads the frame, so it is waited for without a deadline; the network reads only the tensor.
            await Task.Run(() => Pack(frame, batch), ct).ConfigureAwait(false);
            InferenceTelemetry.BatchRan(InferenceTask.Landmarks, batch.Length);
            using var outputs = await _session.RunAsync(Outputs, _timeout, ct).ConfigureAwait(false);
            Decode(outputs, batch, readings);
        }

        return readings;
    }

    public void Dispose() => _session.Dispose();

    private void Pack(VideoFrame frame, FaceSquare[] squares)
    {
        if (_cropper?.Format != frame.Format)
        {
            _cropper = new FaceCropper(frame.Format, _size);
        }

        var tensor = _session.Input(Input).Reshape(squares.Length, 1, _size, _size);
        for (var i = 0; i < squares.Length; i++)
        {
            _cropper.CropGrey(frame, squares[i], tensor.Slice(i * _size * _size, _size * _size));
        }
    }

    private void Decode(IReadOnlyList<OrtValue> outputs, FaceSquare[] squares, List<LandmarkReading> readings)
    {
        var values = Values(outputs[0], Outputs[0], squares.Length * PointCount * 2);
        var usability = Values(outputs[1], Outputs[1], squares.Length);
        for (var i = 0; i < squares.Length; i++)
        {
            var points = new Vector2[PointCount];
            for (var p = 0; p < PointCount; p++)
            {
                points[p] = squares[i].ToPicture(new Vector2(values.Slice(2 * ((i * PointCount) + p), 2)));
            }

            readings.Add(new LandmarkReading(points, usability[i]));
        }
    }

    private ReadOnlySpan<float> Values(OrtValue output, string name, int count)
    {
        var values = output.GetTensorDataAsSpan<float>();
        if (values.Length != count)
        {
            throw Fault($"output {name} has {values.Length} values; expected {count}");
        }

        return Finite.All(values) ? values : throw Fault("the landmark net gave values that are not finite");
    }

    private void ThrowIfOther(IReadOnlyDictionary<string, NodeMetadata> tensors, string name, int[] expected)
    {
        var sides = tensors.TryGetValue(name, out var metadata)
            && metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            && metadata.ElementDataType == TensorElementType.Float
            ? metadata.Dimensions
            : throw Fault($"not a landmark net: {name} is missing or holds no floats");
        if (!sides.SequenceEqual(expected))
        {
            throw Fault($"not the landmark net of its manifest: {name} is [{string.Join(", ", sides)}]; expected [{string.Join(", ", expected)}]");
        }
    }

    private FaultException Fault(string message) => new(FaultOrigin.Model, $"{Model.Name}: {message}");
}
