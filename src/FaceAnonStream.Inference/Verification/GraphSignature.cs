using FaceAnonStream.Faults;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceAnonStream.Inference.Verification;

/// <summary>A tensor that a graph should take or give.</summary>
/// <param name="Name">The graph's name for it.</param>
/// <param name="Sides">Its shape.</param>
/// <param name="Low">Smallest value that means something.</param>
/// <param name="High">Largest value that means something.</param>
internal sealed record ExpectedTensor(string Name, IReadOnlyList<Side> Sides, float Low = -1, float High = 1);

/// <summary>What one ONNX graph should take and give.</summary>
internal sealed record GraphSignature(IReadOnlyList<ExpectedTensor> Inputs, IReadOnlyList<ExpectedTensor> Outputs)
{
    /// <summary>The symbol of the side that counts pictures.</summary>
    public const string Batch = "N";

    /// <summary>What a manifest says of one of its ONNX files.</summary>
    public static GraphSignature Of(ModelManifest manifest, string file) =>
        new(Of(manifest.Inputs, file), Of(manifest.Outputs, file));

    /// <summary>What a detector takes and gives for pictures of one size.</summary>
    /// <param name="batch">How many at once.</param>
    /// <param name="size">Both sides multiples of the largest stride.</param>
    public static GraphSignature OfYuNet(Side batch, PictureSize size)
    {
        var kinds = YuNetContract.ValuesPerCell;
        var outputs = new List<ExpectedTensor>();
        for (var i = 0; i < YuNetContract.Outputs.Length; i++)
        {
            var stride = YuNetContract.Strides[i / kinds.Length];
            var cells = new Side(size.Width / stride * (size.Height / stride));
            outputs.Add(new ExpectedTensor(YuNetContract.Outputs[i], [batch, cells, new Side(kinds[i % kinds.Length])]));
        }

        return new GraphSignature(
            [new ExpectedTensor(YuNetContract.Input, [batch, new Side(3), new Side(size.Height), new Side(size.Width)], Low: 0, High: 255)],
            outputs);
    }

    /// <summary>Compares names, types and shapes with those of a loaded graph.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: they differ.</exception>
    public void Check(OnnxSession session)
    {
        Check(session, "input", Inputs, session.InputMetadata, mayLeaveOpen: false);

        // An exporter may lose the sizes of what it computes; a run shows them.
        Check(session, "output", Outputs, session.OutputMetadata, mayLeaveOpen: true);
    }

    private static List<ExpectedTensor> Of(IReadOnlyList<ModelTensor> tensors, string file) =>
    [
        .. from tensor in tensors
           where tensor.File == file
           select tensor.Range is [var low, var high]
               ? new ExpectedTensor(tensor.Name, tensor.Shape, (float)low, (float)high)
               : new ExpectedTensor(tensor.Name, tensor.Shape),
    ];

    private static void Check(
        OnnxSession session,
        string kind,
        IReadOnlyList<ExpectedTensor> expected,
        IReadOnlyDictionary<string, NodeMetadata> found,
        bool mayLeaveOpen)
    {
        var names = expected.Select(tensor => tensor.Name).Order(StringComparer.Ordinal).ToList();
        if (!names.SequenceEqual(found.Keys.Order(StringComparer.Ordinal)))
        {
            throw Differs(session, $"its {kind}s are {string.Join(", ", found.Keys)}; expected {string.Join(", ", names)}");
        }

        foreach (var tensor in expected)
        {
            var metadata = found[tensor.Name];
            if (!IsFloat(metadata) || !Agrees(tensor.Sides, metadata.Dimensions, mayLeaveOpen))
            {
                throw Differs(session, $"its {kind} {tensor.Name} is {Describe(metadata)}; expected float [{string.Join(", ", tensor.Sides)}]");
            }
        }
    }

    private static bool Agrees(IReadOnlyList<Side> sides, int[] dimensions, bool mayLeaveOpen) =>
        sides.Count == dimensions.Length
        && sides.Zip(dimensions).All(pair => pair.Second == (pair.First.Size ?? -1) || (mayLeaveOpen && pair.Second == -1));

    private static bool IsFloat(NodeMetadata metadata) =>
        metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR && metadata.ElementDataType == TensorElementType.Float;

    private static string Describe(NodeMetadata metadata) =>
        metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            ? $"{metadata.ElementDataType.ToString().ToLowerInvariant()} [{string.Join(", ", metadata.Dimensions)}]"
            : "not a tensor";

    private static FaultException Differs(OnnxSession session, string how) =>
        new(FaultOrigin.Model, $"{session.Model.Name}: {how}");
}
