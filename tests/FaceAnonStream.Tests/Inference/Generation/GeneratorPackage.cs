using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FaceAnonStream.Generation;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Generation;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Inference.Surrogate;
using FaceAnonStream.Tests.Kit;

namespace FaceAnonStream.Tests.Inference.Generation;

/// <summary>Tiny generators with the interface of a contract, and their manifests, in a folder.</summary>
internal static class GeneratorPackage
{
    public const int Size = 32;

    /// <summary>Forehead, chin, and five points between them: eyes, nose, mouth corners.</summary>
    private const string Points = "[10, 152, 33, 263, 1, 61, 291]";

    private const string FivePoints = "[[33], [263], [1], [61], [291]]";

    /// <summary>Answers with the target, upside down in value, plus the sum of the source.</summary>
    public static string WriteFaceSwap(TemporaryFolder folder, Action<JsonObject>? change = null, JsonObject? gallery = null) => Write(
        folder,
        [
            OnnxBuilder.Node("ReduceSum", ["source", "axis"], ["one"]),
            OnnxBuilder.Node("Reshape", ["one", "shape"], ["level"]),
            OnnxBuilder.Node("Sub", ["level", "target"], ["output"]),
        ],
        [OnnxBuilder.Int64s("axis", 1), OnnxBuilder.Int64s("shape", -1, 1, 1, 1)],
        [("target", [3, Size, Size], "BGR", [-1, 1]), ("source", [4], null, null)],
        ("output", [3, Size, Size], "BGR", [-1, 1]),
        $$"""
        { "contract": "face-swap", "crop": "five points", "margin": 1.5, "sizes": [{{Size}}], "points": {{Points}}, "fivePoints": {{FivePoints}},
          "alignment": [[0.3, 0.4], [0.7, 0.4], [0.5, 0.55], [0.35, 0.7], [0.65, 0.7]], "gallery": "gallery.json", "latent": [["embedding", 5]] }
        """,
        gallery ?? Gallery(),
        change);

    /// <summary>Answers with half the mask, on top of the picture.</summary>
    public static string WriteInpainting(TemporaryFolder folder, Action<JsonObject>? change = null) => Write(
        folder,
        [OnnxBuilder.Node("Mul", ["mask", "half"], ["filled"]), OnnxBuilder.Node("Add", ["picture", "filled"], ["output"])],
        [OnnxBuilder.FloatTensor("half", 0.5f, 1)],
        [("picture", [3, Size, Size], "RGB", [0, 1]), ("mask", [1, Size, Size], null, [0, 1])],
        ("output", [3, Size, Size], "RGB", [0, 1]),
        $$"""
        { "contract": "inpainting", "crop": "upright", "margin": 1.5, "sizes": [{{Size}}], "points": {{Points}}, "latent": [] }
        """,
        null,
        change);

    /// <summary>A copy of the embedded surrogate with another gallery.</summary>
    /// <returns>The path of its manifest.</returns>
    public static string WriteSurrogate(TemporaryFolder folder, Action<JsonObject> changeGallery)
    {
        var embedded = new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceGeneration, path: null);
        var name = ((GenerationManifest)embedded.Manifest!).Template.Gallery!;
        foreach (var file in embedded.Files)
        {
            folder.Write(file.FileName, file.Read());
        }

        var gallery = JsonNode.Parse(File.ReadAllText(folder.File(name)))!.AsObject();
        changeGallery(gallery);
        File.WriteAllText(folder.File(name), gallery.ToJsonString());
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "src/FaceAnonStream.Models/surrogate/surrogate.json")))!.AsObject();
        manifest["files"]!.AsArray().Single(file => (string?)file!["file"] == name)!["sha256"] = Hash(File.ReadAllBytes(folder.File(name)));
        File.WriteAllText(folder.File("surrogate.json"), manifest.ToJsonString());
        return folder.File("surrogate.json");
    }

    public static CatalogModel Resolve(string path) => new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceGeneration, path);

    public static IFaceGenerator Load(string path, GenerateOptions? options = null) => FaceGenerators.Load(
        Resolve(path), options ?? new GenerateOptions { MaxWaitMs = 0, Threads = 1 }, ProviderPreference.Cpu, TimeProvider.System);

    /// <summary>Five numbers a member; the projection makes four of them, the first and last of which are the first two.</summary>
    public static JsonObject Gallery()
    {
        var gallery = new JsonObject
        {
            ["draw"] = new JsonObject { ["k"] = 2, ["gamma"] = 1.5 },
            ["pool"] = new JsonArray(0, 1, 2),
            ["latents"] = Galleries.Numbers([3, 5], i => i),
            ["projection"] = Galleries.Numbers([5, 4], i => i is 0 or 7 ? 1 : 0),
        };
        return gallery;
    }

    private static string Write(
        TemporaryFolder folder,
        byte[][] nodes,
        byte[][] initializers,
        (string Name, int[] Sides, string? Colour, double[]? Range)[] inputs,
        (string Name, int[] Sides, string? Colour, double[]? Range) output,
        string template,
        JsonObject? gallery,
        Action<JsonObject>? change)
    {
        var graph = OnnxBuilder.Model(OnnxBuilder.Graph(
            nodes,
            initializers,
            [.. inputs.Select(input => OnnxBuilder.Value(input.Name, OnnxBuilder.Float, [-1, .. input.Sides]))],
            [OnnxBuilder.Value(output.Name, OnnxBuilder.Float, [-1, .. output.Sides])]));
        var manifest = TinyPackage.Manifest();
        manifest["task"] = "face-generation";
        manifest["files"]![0]!["sha256"] = Hash(graph);
        manifest["inputs"] = new JsonArray([.. inputs.Select(Describe)]);
        manifest["outputs"] = new JsonArray(Describe(output));
        manifest["template"] = JsonNode.Parse(template);
        if (gallery is not null)
        {
            var json = System.Text.Encoding.UTF8.GetBytes(gallery.ToJsonString());
            manifest["files"]!.AsArray().Add(new JsonObject { ["file"] = "gallery.json", ["sha256"] = Hash(json) });
            folder.Write("gallery.json", json);
        }

        change?.Invoke(manifest);
        File.WriteAllText(folder.File("tiny.json"), manifest.ToJsonString());
        return folder.Write("tiny.onnx", graph);
    }

    private static JsonNode Describe((string Name, int[] Sides, string? Colour, double[]? Range) tensor)
    {
        var json = new JsonObject
        {
            ["file"] = "tiny.onnx",
            ["name"] = tensor.Name,
            ["type"] = "float32",
            ["shape"] = new JsonArray(["N", .. tensor.Sides.Select(side => (JsonNode)side)]),
            ["meaning"] = "a test",
        };
        if (tensor.Colour is { } colour)
        {
            json["colour"] = colour;
        }

        if (tensor.Range is [var low, var high])
        {
            json["range"] = new JsonArray(low, high);
        }

        return json;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
