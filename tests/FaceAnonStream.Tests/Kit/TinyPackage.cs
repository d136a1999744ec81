using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FaceAnonStream.Tests.Inference;

namespace FaceAnonStream.Tests.Kit;

/// <summary>A landmark net of one operation with its manifest, in a folder: a model that is right until a test breaks it.</summary>
internal static class TinyPackage
{
    private const string Graph = "tiny.onnx";

    /// <summary>A manifest as JSON that has nothing wrong with it.</summary>
    public static JsonObject Manifest() => JsonNode.Parse("""
        {
          "name": "tiny",
          "task": "face-landmarks",
          "files": [{ "file": "tiny.onnx", "sha256": "0000000000000000000000000000000000000000000000000000000000000000" }],
          "licence": "MIT",
          "inputs": [{ "file": "tiny.onnx", "name": "image", "type": "float32", "shape": ["N", 1, 4, 4], "colour": "Y", "range": [0, 255], "meaning": "a crop" }],
          "outputs": [{ "file": "tiny.onnx", "name": "points", "type": "float32", "shape": ["N", 1, 4, 4], "meaning": "points" }],
          "template": { "crop": "square", "factor": 1.25, "size": 4, "points": [10, 338, 297], "topology": "MediaPipe Face Mesh 468" },
          "trainedOn": [{ "data": "pictures", "source": "us", "licence": "CC0-1.0" }],
          "teachers": [{ "name": "mesh", "source": "them", "licence": "Apache-2.0" }],
          "card": "card.md"
        }
        """)!.AsObject();

    /// <summary>Writes tiny.onnx, which answers with its input, and tiny.json.</summary>
    /// <returns>The path of tiny.onnx.</returns>
    public static string Write(TemporaryFolder folder, Action<JsonObject>? change = null) =>
        Write(folder, [OnnxBuilder.Node("Identity", ["image"], ["points"])], change);

    /// <summary>The same with other nodes, which make <c>points</c> from <c>image</c>; a side of -1 is free.</summary>
    public static string Write(TemporaryFolder folder, byte[][] nodes, Action<JsonObject>? change = null, int[]? outputShape = null)
    {
        var model = OnnxBuilder.Model(OnnxBuilder.Graph(
            nodes,
            [],
            [OnnxBuilder.Value("image", OnnxBuilder.Float, -1, 1, 4, 4)],
            [OnnxBuilder.Value("points", OnnxBuilder.Float, outputShape ?? [-1, 1, 4, 4])]));
        var manifest = Manifest();
        manifest["files"]![0]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(model));
        change?.Invoke(manifest);
        File.WriteAllText(folder.File("tiny.json"), manifest.ToJsonString());
        return folder.Write(Graph, model);
    }
}
