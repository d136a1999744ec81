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

    /// <summary>Writes the file under a temporary name beside it, then renames it: it is never seen half-written.</summary>
    /// <param name="path">Where; an older file is replaced.</param>
    /// <param name="report">What was done.</param>
    /// <param name="options">The settings that were in force.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Sink"/>: it cannot be written.</exception>
    public static void Write(string path, JobReport report, FaceAnonOptions options)
    {
        try
        {
            JsonFile.Write(path, ToJson(report, options));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(
                FaultOrigin.Sink,
                $"{path}: the report cannot be written ({exception.Message}); {report.Output.Path} is complete",
                exception);
        }
    }

    public static JsonObject ToJson(JobReport report, FaceAnonOptions options)
    {
        var json = JsonSerializer.SerializeToNode(report, CliJson.Readable.JobReport)!.AsObject();
        json.Insert(0, "schema", Schema);
        json.Insert(1, "program", $"faceanon {CommandLine.Version}");
        json.Add("settings", JsonSerializer.SerializeToNode(options, CliJson.Readable.FaceAnonOptions));
        return json;
    }
}
