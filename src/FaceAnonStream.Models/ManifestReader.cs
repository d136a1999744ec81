using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FaceAnonStream.Models;

/// <summary>A manifest, or every reason why there is none.</summary>
/// <param name="Manifest">Null when there are problems.</param>
/// <param name="Problems">One line each, as <c>path: got; allowed</c>.</param>
public sealed record ManifestResult(ModelManifest? Manifest, IReadOnlyList<string> Problems);

/// <summary>Reads manifests: what is unknown, missing or wrong is refused, all of it at once.</summary>
public static class ManifestReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <param name="json">The manifest's file, UTF-8.</param>
    public static ManifestResult Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            var where = exception.LineNumber is { } line ? $"line {line + 1}: " : "";
            return Refused($"{where}not JSON ({FirstSentence(exception.Message)})");
        }
    }

    private static ManifestResult Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Refused("not an object; allowed a manifest");
        }

        if (TypeFor(root) is not { } type)
        {
            return Refused($"task: {Describe(root, "task")}; allowed {string.Join(", ", Enum.GetValues<ModelTask>().Select(task => task.Key()))}");
        }

        var problems = JsonShape.Check(root, type);
        if (problems.Count > 0)
        {
            return Refused(problems);
        }

        var manifest = (ModelManifest)root.Deserialize(type)!;
        problems = ManifestRules.Check(manifest);
        return problems.Count > 0 ? Refused(problems) : new ManifestResult(manifest, []);
    }

    private static JsonTypeInfo? TypeFor(JsonElement root)
    {
        if (!root.TryGetProperty("task", out var task) || task.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var key = task.GetString();
        if (key == ModelTask.FaceDetection.Key())
        {
            return ManifestJson.Default.DetectionManifest;
        }

        if (key == ModelTask.FaceLandmarks.Key())
        {
            return ManifestJson.Default.LandmarkManifest;
        }

        return key == ModelTask.FaceGeneration.Key() ? ManifestJson.Default.GenerationManifest : null;
    }

    private static string Describe(JsonElement root, string key) =>
        root.TryGetProperty(key, out var value) ? JsonShape.Excerpt(value) : "nothing";

    private static ManifestResult Refused(params IReadOnlyList<string> problems) => new(null, problems);

    private static string FirstSentence(string message) => message.Split(['.', '\n'])[0];
}
