using System.Text;

namespace FaceAnonStream.Tests.Inference;

/// <summary>Writes tiny ONNX models, byte by byte, in Protocol Buffers' wire format (field numbers of onnx.proto).</summary>
internal static class OnnxBuilder
{
    public const int Float = 1;
    public const int Int64 = 7;
    public const int Bool = 9;

    public static byte[] Model(byte[] graph) =>
        [.. Number(1, 8), .. Message(8, [.. Text(1, ""), .. Number(2, 17)]), .. Message(7, graph)];

    public static byte[] Graph(byte[][] nodes, byte[][] initializers, byte[][] inputs, byte[][] outputs) =>
    [
        .. nodes.SelectMany(node => Message(1, node)),
        .. Text(2, "graph"),
        .. initializers.SelectMany(tensor => Message(5, tensor)),
        .. inputs.SelectMany(value => Message(11, value)),
        .. outputs.SelectMany(value => Message(12, value)),
    ];

    public static byte[] Node(string operation, string[] inputs, string[] outputs, params byte[][] attributes) =>
    [
        .. inputs.SelectMany(name => Text(1, name)),
        .. outputs.SelectMany(name => Text(2, name)),
        .. Text(4, operation),
        .. attributes.SelectMany(attribute => Message(5, attribute)),
    ];

    public static byte[] GraphAttribute(string name, byte[] graph) => [.. Text(1, name), .. Message(6, graph), .. Number(20, 5)];

    /// <summary>A named value; a side of -1 is free.</summary>
    public static byte[] Value(string name, int type, params int[] shape)
    {
        var sides = shape.SelectMany(side => Message(1, side < 0 ? Text(2, $"{name}_free") : Number(1, side))).ToArray();
        return [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, type), .. Message(2, sides)]))];
    }

    public static byte[] FloatTensor(string name, float value, params int[] shape)
    {
        var values = Enumerable.Repeat(value, shape.Aggregate(1, (product, side) => product * side));
        return Tensor(name, Float, [.. values.SelectMany(BitConverter.GetBytes)], shape);
    }

    public static byte[] Int64Scalar(string name, long value) => Tensor(name, Int64, BitConverter.GetBytes(value));

    public static byte[] Int64s(string name, params long[] values) =>
        Tensor(name, Int64, [.. values.SelectMany(BitConverter.GetBytes)], [values.Length]);

    public static byte[] BoolScalar(string name, bool value) => Tensor(name, Bool, [value ? (byte)1 : (byte)0]);

    private static byte[] Tensor(string name, int type, byte[] raw, params int[] shape) =>
        [.. shape.SelectMany(side => Number(1, side)), .. Number(2, type), .. Text(8, name), .. Message(9, raw)];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static IEnumerable<byte> Varint(long value)
    {
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            yield return (byte)(rest | 0x80);
        }

        yield return (byte)rest;
    }
}
