using FaceAnonStream.Hosting.Streams;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>What a service is asked to do.</summary>
public sealed record ServiceConfiguration
{
    /// <summary>Streams beyond this number are refused, from the file or by API.</summary>
    public const int MaxStreams = 256;

    public required ServiceOptions Service { get; init; }

    /// <summary>What callers must present; null for none.</summary>
    public AccessToken? Token { get; init; }

    public required ModelPaths Models { get; init; }

    /// <summary>File with the secret that synthetic identities are drawn with; null draws a fresh one at every start.</summary>
    public string? IdentityKeyFile { get; init; }

    /// <summary>The settings that streams have where they set nothing.</summary>
    public required FaceAnonOptions Options { get; init; }

    public required IReadOnlyList<StreamConfiguration> Streams { get; init; }
}

/// <summary>A service's configuration, or every reason why there is none.</summary>
/// <param name="Configuration">Null when there are errors.</param>
/// <param name="Errors">One line each, without secrets.</param>
public sealed record ServiceResult(ServiceConfiguration? Configuration, IReadOnlyList<string> Errors);

/// <summary>A stream's configuration, or every reason why there is none.</summary>
/// <param name="Configuration">Null when there are errors.</param>
/// <param name="Errors">One line each, without secrets.</param>
public sealed record StreamResult(StreamConfiguration? Configuration, IReadOnlyList<string> Errors);
