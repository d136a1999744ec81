using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FaceAnonStream.Cli.Configuration;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Jobs;
using FaceAnonStream.Media;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>JSON as the commands write it: camelCase, indented, enum values spelt as in configuration files.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(RationalConverter),
        typeof(KeyConverter<RedactionMethod>),
        typeof(KeyConverter<PrivacyLevel>),
        typeof(KeyConverter<IdentityMatching>),
        typeof(KeyConverter<AudioPolicy>),
        typeof(KeyConverter<DecodeErrorPolicy>),
    ])]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(EvaluationReport))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(FaceAnonOptions))]
[JsonSerializable(typeof(MediaDescription))]
[JsonSerializable(typeof(IReadOnlyList<ModelListing>))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>For files and terminals, where paths must stay readable; never for HTML.</summary>
    public static CliJson Readable => field ??= new CliJson(new JsonSerializerOptions(Default.Options)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>An enum value as configuration files spell it.</summary>
internal sealed class KeyConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;

/// <summary>A rational number as <c>"1/90000"</c>.</summary>
internal sealed class RationalConverter : JsonConverter<Rational>
{
    public override Rational Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("reports are written, never read");

    public override void Write(Utf8JsonWriter writer, Rational value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
