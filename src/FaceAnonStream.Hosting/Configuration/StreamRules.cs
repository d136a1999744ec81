using FaceAnonStream.Faults;
using FaceAnonStream.Media.Live;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>What a stream's definition may hold, which depends on who wrote it. Problems are
/// <see cref="FaultException"/>s whose messages show no secret.</summary>
internal interface IStreamRules
{
    /// <summary>Keys beside those that every stream has.</summary>
    IReadOnlyList<string> CredentialKeys { get; }

    /// <summary>Paths of settings that it may not set.</summary>
    IReadOnlyList<string> ClosedSettings { get; }

    /// <summary><c>user:password</c> for an end, <c>source</c> or <c>output</c>; null for none.</summary>
    string? Credentials(string end, IReadOnlyDictionary<string, string> texts);

    /// <summary>A source at an address.</summary>
    Endpoint Source(string text, string? credentials);

    /// <summary>A sink at an address or path.</summary>
    Endpoint Sink(string text, string? credentials);
}

/// <summary>A definition in the configuration file, whose author may do what this program may.</summary>
/// <param name="environment">Reads an environment variable.</param>
internal sealed class FileStreamRules(Func<string, string?> environment) : IStreamRules
{
    public IReadOnlyList<string> CredentialKeys { get; } =
        ["sourceCredentialsFile", "sourceCredentialsEnv", "outputCredentialsFile", "outputCredentialsEnv"];

    public IReadOnlyList<string> ClosedSettings => [];

    public string? Credentials(string end, IReadOnlyDictionary<string, string> texts) =>
        SecretText.Read(texts.GetValueOrDefault($"{end}CredentialsFile"), texts.GetValueOrDefault($"{end}CredentialsEnv"), environment) is { } text
            ? SecretText.CheckCredentials(text)
            : null;

    public Endpoint Source(string text, string? credentials)
    {
        var (address, values) = SecretText.Expand(text, environment);
        return Endpoint.Source(address, credentials, values);
    }

    public Endpoint Sink(string text, string? credentials)
    {
        var (address, values) = SecretText.Expand(text, environment);
        return Endpoint.Sink(address, credentials, values);
    }
}

/// <summary>A definition that came by API: it reaches neither files nor the environment nor programs of this machine, nor more
/// of its memory than the configuration file gives to a stream.</summary>
/// <param name="outputFolder">Folder that it may write into; empty for none.</param>
internal sealed class ApiStreamRules(string outputFolder) : IStreamRules
{
    public static IReadOnlyList<string> Closed { get; } = ["media.ffmpeg", "media.ffprobe", "media.frameMemoryMb"];

    public IReadOnlyList<string> CredentialKeys { get; } = ["sourceCredentials", "outputCredentials"];

    public IReadOnlyList<string> ClosedSettings => Closed;

    public string? Credentials(string end, IReadOnlyDictionary<string, string> texts) =>
        texts.GetValueOrDefault($"{end}Credentials") is { } text ? SecretText.CheckCredentials(text) : null;

    public Endpoint Source(string text, string? credentials) => Endpoint.Source(text, credentials);

    public Endpoint Sink(string text, string? credentials)
    {
        if (Endpoint.IsAddress(text))
        {
            return Endpoint.Sink(text, credentials);
        }

        if (outputFolder.Length == 0)
        {
            throw new FaultException(
                FaultOrigin.Configuration, "a local path; allowed an address, or a path where the service has an apiOutputFolder");
        }

        var folder = Path.GetFullPath(outputFolder).TrimEnd('/') + "/";
        var path = text.All(IsPlain) ? Path.GetFullPath(text, folder) : "";
        return path.Length > folder.Length && path.StartsWith(folder, StringComparison.Ordinal)
            ? Endpoint.Sink(path)
            : throw new FaultException(
                FaultOrigin.Configuration, "a path beyond apiOutputFolder; allowed one within, of A-Z a-z 0-9 . _ - and /");
    }

    // ffmpeg gives other characters meanings of their own in the names of segments.
    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '/';
}
