using System.Numerics;
using System.Numerics.Tensors;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using Microsoft.ML.OnnxRuntime;

namespace FaceAnonStream.Evaluation.Networks;

/// <summary>A face-recognition network: turns faces into unit vectors, whose products are cosines.</summary>
public sealed class Recognizer : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly SessionLanes _lanes;
    private readonly RecognizerContract _contract;
    private readonly string _input;
    private readonly string _output;

    internal Recognizer(ModelSource source, RecognizerContract contract, TimeProvider time)
    {
        _contract = contract;
        _lanes = new SessionLanes(source, time);
        try
        {
            (_input, _output) = Tensors(_lanes.First);
        }
        catch
        {
            _lanes.Dispose();
            throw;
        }
    }

    public ModelIdentity Model => _lanes.Model;

    /// <summary>How reports call it: its file name without <c>.onnx</c>.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Model.Name);

    /// <summary>Loads a recogniser: one of <see cref="KnownRecognizer.All"/>.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: the file cannot be read or is not
    /// known; <see cref="FaultOrigin.Model"/>: it is no model that gives one vector for a face.</exception>
    public static Recognizer Load(string path, TimeProvider time)
    {
        var source = new ModelFile(path);
        var sha256 = source.ReadHashed().Sha256;
        var known = KnownRecognizer.All.FirstOrDefault(known => known.Sha256 == sha256)
            ?? throw new FaultException(
                FaultOrigin.Configuration,
                $"{path}: not a recogniser whose input is known (SHA-256 {sha256}); known are {string.Join(", ", KnownRecognizer.All.Select(one => one.Name))}");
        return new Recognizer(source, known.Contract, time);
    }

    /// <summary>Cuts a face out of a frame as the network wants it.</summary>
    /// <param name="frame">Borrowed.</param>
    /// <param name="points">The face's five points, in luma pixels.</param>
    internal RgbCrop Crop(VideoFrame frame, in FivePoints points) =>
        RgbCrop.Of(frame, Similarity.Fit(points, [.. _contract.Template]).Inverse(), _contract.Size);

    /// <summary>One unit vector for each crop, several at a time.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: inference failed or gave no direction.</exception>
    internal Task<float[][]> EmbedAsync(IReadOnlyList<RgbCrop> crops, CancellationToken ct) =>
        _lanes.MapAsync(crops, EmbedAsync, ct);

    public void Dispose() => _lanes.Dispose();

    private async Task<float[]> EmbedAsync(OnnxSession session, RgbCrop crop, CancellationToken ct)
    {
        Pack(crop, session.Input(_input).Reshape(1, 3, crop.Side, crop.Side));
        using var outputs = await session.RunAsync([_output], Timeout, ct).ConfigureAwait(false);
        var vector = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        var length = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(length) || length == 0)
        {
            throw new FaultException(FaultOrigin.Model, $"{Model.Name}: gave a vector that is zero or not finite");
        }

        TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }

    private void Pack(RgbCrop crop, Span<float> chw)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = chw.Slice(channel * crop.Side * crop.Side, crop.Side * crop.Side);
            var color = _contract.IsBgr ? 2 - channel : channel;
            TensorPrimitives.Subtract(crop.Plane(color), _contract.Mean[color], plane);
            TensorPrimitives.Divide(plane, _contract.Deviation[color], plane);
        }
    }

    private (string Input, string Output) Tensors(OnnxSession session)
    {
        var inputs = session.InputMetadata.Where(input => Fits(input.Value, [-1, 3, _contract.Size, _contract.Size])).ToList();
        var outputs = session.OutputMetadata.Where(output => output.Value.Dimensions is [-1 or 1, > 1]).ToList();
        return session.InputMetadata.Count == 1 && inputs.Count == 1 && outputs.Count == 1
            ? (inputs[0].Key, outputs[0].Key)
            : throw new FaultException(
                FaultOrigin.Model,
                $"{session.Model.Name}: not a recogniser: allowed one input [1, 3, {_contract.Size}, {_contract.Size}] and one output [1, D]");
    }

    private static bool Fits(NodeMetadata tensor, int[] sides) =>
        tensor.ElementType == typeof(float)
        && tensor.Dimensions.Length == sides.Length
        && tensor.Dimensions.Zip(sides).All(pair => pair.First == -1 || pair.Second == -1 || pair.First == pair.Second);
}
