using FaceAnonStream.Faults;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>
/// What a YuNet model takes and gives: <c>input</c> [B, 3, H, W], BGR, 0 to 255, H and W multiples of 32; for each stride s
/// of 8, 16, 32, with N = H/s x W/s: <c>cls_s</c> and <c>obj_s</c> [B, N, 1], <c>bbox_s</c> [B, N, 4], <c>kps_s</c> [B, N, 10].
/// </summary>
internal static class YuNetContract
{
    public const string Input = "input";

    public static ReadOnlySpan<int> Strides => [8, 16, 32];

    /// <summary>Values per cell of the four outputs of a stride, in the order of <see cref="Outputs"/>.</summary>
    public static ReadOnlySpan<int> ValuesPerCell => [1, 1, 4, 10];

    /// <summary>The outputs, stride by stride: class, object, box, points.</summary>
    public static string[] Outputs { get; } =
        [.. from stride in Strides.ToArray() from kind in (string[])["cls", "obj", "bbox", "kps"] select $"{kind}_{stride}"];

    /// <summary>Checks the model and returns its input's width and height when they are fixed.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: it is no YuNet.</exception>
    public static (int Width, int Height)? Check(OnnxSession session)
    {
        var missing = Outputs.Where(name => !session.OutputMetadata.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
        {
            throw NotYuNet(session, $"it lacks output {string.Join(", ", missing)}");
        }

        for (var i = 0; i < Outputs.Length; i++)
        {
            CheckOutput(session, Outputs[i], ValuesPerCell[i % ValuesPerCell.Length]);
        }

        var inputs = string.Join(", ", session.InputMetadata.Keys);
        if (inputs != Input)
        {
            throw NotYuNet(session, $"its inputs are {inputs}; allowed is one, {Input}");
        }

        return CheckInput(session);
    }

    private static void CheckOutput(OnnxSession session, string name, int values)
    {
        var shape = FloatShape(session.OutputMetadata[name]);
        if (shape is not [_, _, var last] || (last != values && last != -1))
        {
            throw NotYuNet(session, $"its output {name} is {Describe(session.OutputMetadata[name])}; allowed float [batch, cells, {values}]");
        }
    }

    private static (int Width, int Height)? CheckInput(OnnxSession session)
    {
        var metadata = session.InputMetadata[Input];
        if (FloatShape(metadata) is [1 or -1, 3 or -1, var height, var width])
        {
            if (height == -1 && width == -1)
            {
                return null;
            }

            if (height > 0 && width > 0 && height % Strides[^1] == 0 && width % Strides[^1] == 0)
            {
                return (width, height);
            }
        }

        throw NotYuNet(
            session,
            $"its input is {Describe(metadata)}; allowed float [1 or free, 3, height, width], both free or multiples of {Strides[^1]}");
    }

    private static int[]? FloatShape(NodeMetadata metadata) =>
        metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR && metadata.ElementDataType == TensorElementType.Float
            ? metadata.Dimensions
            : null;

    private static string Describe(NodeMetadata metadata) =>
        metadata.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            ? $"{metadata.ElementDataType.ToString().ToLowerInvariant()} [{string.Join(", ", metadata.Dimensions)}]"
            : "not a tensor";

    private static FaultException NotYuNet(OnnxSession session, string why) =>
        new(FaultOrigin.Model, $"{session.Model.Name} is not a YuNet face detector: {why}");
}
