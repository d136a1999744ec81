using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceAnonStream.Models;

/// <summary>Manifests as JSON: camelCase, tasks in kebab-case.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ModelTaskConverter)])]
[JsonSerializable(typeof(DetectionManifest))]
[JsonSerializable(typeof(LandmarkManifest))]
[JsonSerializable(typeof(GenerationManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
