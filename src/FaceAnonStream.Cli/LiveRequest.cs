using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Live;

namespace FaceAnonStream.Cli;

/// <summary>What <c>faceanon run</c> is asked to do with a live stream.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Models">Which models to use.</param>
/// <param name="KeyPath">File with the secret that synthetic identities are drawn with; null draws a fresh one.</param>
/// <param name="FacesPath">Where to write what happened to each face of each frame, or null.</param>
/// <param name="Duration">How long it runs; null until it is told to end.</param>
internal sealed record LiveRequest(
    StreamConfiguration Stream, ModelPaths Models, string? KeyPath, string? FacesPath, TimeSpan? Duration);

/// <summary>Turns words of the command line into the two ends of a live stream.</summary>
internal static class LiveEnds
{
    /// <summary>The option that names a file with credentials.</summary>
    public const string SourceOption = "--source-credentials";

    /// <inheritdoc cref="SourceOption"/>
    public const string OutputOption = "--output-credentials";

    /// <summary>Credentials that are in no file.</summary>
    public const string SourceVariable = "FACEANON_SOURCE_CREDENTIALS";

    /// <inheritdoc cref="SourceVariable"/>
    public const string OutputVariable = "FACEANON_OUTPUT_CREDENTIALS";

    /// <summary>Whether a run concerns a live stream rather than a recording.</summary>
    public static bool IsLive(string input, string output) =>
        Endpoint.IsAddress(input) || Endpoint.IsAddress(output);

    /// <param name="input">Its address.</param>
    /// <param name="credentialsPath">File with <c>user:password</c>; null looks into the environment.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>.</exception>
    public static Endpoint Source(string input, string? credentialsPath, Func<string, string?> environment)
    {
        var credentials = Credentials(SourceOption, credentialsPath, SourceVariable, environment);
        return Named("INPUT", () => Endpoint.Source(input, credentials));
    }

    /// <param name="output">Its address or path.</param>
    /// <param name="credentialsPath">As for <see cref="Source"/>.</param>
    /// <param name="environment">Likewise.</param>
    /// <param name="overwrite">Whether a file may be replaced.</param>
    /// <param name="options">Tells the encoder.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/> or <see cref="FaultOrigin.Sink"/>.</exception>
    public static Endpoint Output(string output, string? credentialsPath, Func<string, string?> environment, bool overwrite, FaceAnonOptions options)
    {
        var credentials = Credentials(OutputOption, credentialsPath, OutputVariable, environment);
        var sink = Named("OUTPUT", () => Endpoint.Sink(output, credentials));
        if (sink.Kind == EndpointKind.File)
        {
            FileFormats.ForOutput(output, options.Media.VideoCodec);
            if (RunRequestChecks.CheckOutput(output, overwrite, "--overwrite") is { } obstacle)
            {
                throw new FaultException(obstacle.Origin, obstacle.Message);
            }
        }

        return sink;
    }

    private static T Named<T>(string argument, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FaultException fault) when (fault.Origin == FaultOrigin.Configuration)
        {
            throw new FaultException(fault.Origin, $"{argument}: {fault.Message}", fault);
        }
    }

    private static string? Credentials(string option, string? path, string variable, Func<string, string?> environment) =>
        path is not null || environment(variable) is { Length: > 0 }
            ? Named(path is null ? variable : option, () => SecretText.CheckCredentials(SecretText.Read(path, path is null ? variable : null, environment)!))
            : null;
}
