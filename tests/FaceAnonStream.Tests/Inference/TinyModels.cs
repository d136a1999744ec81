using FaceAnonStream.Inference.Catalog;

namespace FaceAnonStream.Tests.Inference;

/// <summary>A model in memory.</summary>
internal sealed class BytesModel(string name, byte[] bytes) : ModelSource
{
    public override string Name => name;

    public override byte[] Read() => bytes;
}

/// <summary>Models with YuNet's interface for 32x32 pictures that find what the test wants, or go wrong.</summary>
internal static class TinyModels
{
    /// <summary>Cells of a 32x32 picture at strides 8, 16 and 32.</summary>
    private static readonly (int Stride, int Cells)[] Levels = [(8, 16), (16, 4), (32, 1)];

    private static readonly (string Name, int Values)[] Kinds = [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)];

    public static BytesModel Identity { get; } = new(
        "identity.onnx",
        OnnxBuilder.Model(OnnxBuilder.Graph(
            [OnnxBuilder.Node("Identity", ["input"], ["same"])],
            [],
            [OnnxBuilder.Value("input", OnnxBuilder.Float, 1, 3, 32, 32)],
            [OnnxBuilder.Value("same", OnnxBuilder.Float, 1, 3, 32, 32)])));

    /// <summary>Every value of every output is 0, except one output's.</summary>
    public static BytesModel Constant(string output = "", float value = 0, int[]? input = null, int extraCells = 0) =>
        YuNet(Initializers(output, value, extraCells), [], input, extraCells);

    /// <summary>Loads well; cls_8 reads past the end of a tensor when it runs.</summary>
    public static BytesModel FailsWhenRun() => YuNet(
        [.. Initializers(), OnnxBuilder.Int64Scalar("beyond", 99)],
        [
            OnnxBuilder.Node("Gather", ["input", "beyond"], ["picture"]),
            OnnxBuilder.Node("ReduceMax", ["picture"], ["brightest"]),
            OnnxBuilder.Node("Add", ["cls_8_value", "brightest"], ["cls_8"]),
        ],
        null);

    /// <summary>cls_8 comes out of a loop that runs for centuries, unless it is told to stop.</summary>
    public static BytesModel Hangs()
    {
        var body = OnnxBuilder.Graph(
            [OnnxBuilder.Node("Identity", ["go_on"], ["still"]), OnnxBuilder.Node("Identity", ["before"], ["after"])],
            [],
            [OnnxBuilder.Value("turn", OnnxBuilder.Int64), OnnxBuilder.Value("go_on", OnnxBuilder.Bool), OnnxBuilder.Value("before", OnnxBuilder.Float, 1, 16, 1)],
            [OnnxBuilder.Value("still", OnnxBuilder.Bool), OnnxBuilder.Value("after", OnnxBuilder.Float, 1, 16, 1)]);
        return YuNet(
            [.. Initializers(), OnnxBuilder.Int64Scalar("turns", long.MaxValue), OnnxBuilder.BoolScalar("yes", true)],
            [OnnxBuilder.Node("Loop", ["turns", "yes", "cls_8_value"], ["cls_8"], OnnxBuilder.GraphAttribute("body", body))],
            null);
    }

    private static byte[][] Initializers(string output = "", float value = 0, int extraCells = 0) =>
        [.. Outputs().Select(o => OnnxBuilder.FloatTensor($"{o.Name}_value", o.Name == output ? value : 0, 1, o.Cells + extraCells, o.Values))];

    private static BytesModel YuNet(byte[][] initializers, byte[][] nodes, int[]? input, int extraCells = 0)
    {
        var copies = Outputs()
            .Where(o => nodes.Length == 0 || o.Name != "cls_8")
            .Select(o => OnnxBuilder.Node("Identity", [$"{o.Name}_value"], [o.Name]));
        return new BytesModel("tiny.onnx", OnnxBuilder.Model(OnnxBuilder.Graph(
            [.. nodes, .. copies],
            initializers,
            [OnnxBuilder.Value("input", OnnxBuilder.Float, input ?? [1, 3, 32, 32])],
            [.. Outputs().Select(o => OnnxBuilder.Value(o.Name, OnnxBuilder.Float, 1, o.Cells + extraCells, o.Values))])));
    }

    private static IEnumerable<(string Name, int Cells, int Values)> Outputs() =>
        from level in Levels from kind in Kinds select ($"{kind.Name}_{level.Stride}", level.Cells, kind.Values);
}
