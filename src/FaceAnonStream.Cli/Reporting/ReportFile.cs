using System.Text.Json;
using System.Text.Json.Nodes;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Jobs;

namespace FaceAnonStream.Cli.Reporting;

/// <summary>The report of a job as a JSON file.</summary>
internal static class ReportFile
{
    /// <summary>Names the shape of the file; a change that breaks a reader counts it up.</summary>
    public const string Schema = "faceanon-report/1";

    /// <summary>The same for live streams.</summary>
    public const string LiveSchema = "faceanon-live-report/1";

    /// <summary>Writes the file under a temporary name beside it, then renames it: it is never seen half-written.</summary>
    /// <param name="path">Where; an older file is replaced.</param>
    /// <param name="report">What was done.</param>
    /// <param name="options">The settings that were in force.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: it cannot be written.</exception>
    public static void Write(string path, JobReport report, FaceAnonOptions options) =>
        Write(path, report.Output.Path, ToJson(report, options));

    /// <inheritdoc cref="Write(string, JobReport, FaceAnonOptions)"/>
    public static void Write(string path, LiveReport report, FaceAnonOptions options) =>
        Write(path, report.Output, ToJson(LiveSchema, JsonSerializer.SerializeToNode(report, CliJson.Readable.LiveReport), options));

    public static JsonObject ToJson(JobReport report, FaceAnonOptions options) =>
        ToJson(Schema, JsonSerializer.SerializeToNode(report, CliJson.Readable.JobReport), options);

    private static void Write(string path, string output, JsonObject report)
    {
        try
        {
            JsonFile.Write(path, report);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(
                FaultOrigin.Sink, $"{path}: the report cannot be written ({exception.Message}); {output} is complete", exception);
        }
    }

    private static JsonObject ToJson(string schema, JsonNode? report, FaceAnonOptions options)
    {
        var json = report!.AsObject();
        json.Insert(0, "schema", schema);
        json.Insert(1, "program", $"faceanon {CommandLine.Version}");
        json.Add("settings", JsonSerializer.SerializeToNode(options, CliJson.Readable.FaceAnonOptions));
        return json;
    }
}
