using System.Text.Json;
using System.Text.Json.Nodes;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>What was measured, as a JSON file.</summary>
internal static class EvaluationFile
{
    /// <summary>Names the shape of the file; a change that breaks a reader counts it up.</summary>
    public const string Schema = "faceanon-evaluation/1";

    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: it cannot be written.</exception>
    public static void Write(string path, EvaluationReport report)
    {
        try
        {
            JsonFile.Write(path, ToJson(report));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(FaultOrigin.Sink, $"{path}: cannot be written ({exception.Message})", exception);
        }
    }

    public static JsonObject ToJson(EvaluationReport report)
    {
        var json = JsonSerializer.SerializeToNode(report, CliJson.Readable.EvaluationReport)!.AsObject();
        json.Insert(0, "schema", Schema);
        json.Insert(1, "program", $"faceanon {CommandLine.Version}");
        return json;
    }
}
