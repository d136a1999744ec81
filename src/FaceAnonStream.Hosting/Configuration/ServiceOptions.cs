using System.Net;
using FaceAnonStream.Configuration;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>How the service is reached.</summary>
public sealed record ServiceOptions
{
    [Setting("Address and port that the service listens at. Beyond this machine it takes a token.", Pattern = @"(localhost|[0-9.]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}", PatternMeaning = "an address and a port such as 127.0.0.1:8088 or [::1]:8088")]
    public string Listen { get; init; } = "127.0.0.1:8088";

    [Setting("File with the token that callers must present: one line of 16 characters or more. Empty for none.")]
    public string TokenFile { get; init; } = "";

    [Setting("Environment variable that holds the token instead. Empty for none.")]
    public string TokenEnv { get; init; } = "";

    [Setting("Folder that streams which are added by API may write into. Empty: their outputs are addresses only.")]
    public string ApiOutputFolder { get; init; } = "";

    [Setting("Requests a second from one address; twice as many at once. Refused ones, and those that need no token, count apart.", Min = 1, Max = 10000)]
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary><see cref="Listen"/> as an address; null when it is none.</summary>
    public IPEndPoint? Endpoint => IPEndPoint.TryParse(Listen.Replace("localhost", "127.0.0.1", StringComparison.Ordinal), out var point)
        ? point
        : null;
}

/// <summary>Which models all streams share.</summary>
public sealed record ModelOptions
{
    [Setting("Path of a face detector with YuNet's inputs and outputs; empty chooses the best one installed.")]
    public string Detector { get; init; } = "";

    [Setting("Path of a landmark net; empty for the embedded one.")]
    public string Landmarks { get; init; } = "";

    [Setting("Path of a face generator; empty chooses the best one installed.")]
    public string Generator { get; init; } = "";

    public ModelPaths Paths => new(Given(Detector), Given(Landmarks), Given(Generator));

    private static string? Given(string path) => path.Length > 0 ? path : null;
}

/// <summary>The sections of a service's configuration that no recording has.</summary>
public sealed record ServiceSections
{
    [Setting("How the service is reached.")]
    public ServiceOptions Service { get; init; } = new();

    [Setting("Which models all streams share.")]
    public ModelOptions Models { get; init; } = new();
}
