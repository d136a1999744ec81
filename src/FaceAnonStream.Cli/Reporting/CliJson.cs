using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
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
        typeof(KeyConverter<SourceAwayPolicy>),
        typeof(KeyConverter<RtspTransport>),
        typeof(KeyConverter<TlsPeers>),
    ])]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(LiveReport))]
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
