using System.Text.RegularExpressions;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>
/// Reads secrets from files and the environment. No message shows any of their text, nor the path or the name that was given:
/// a secret that stands in the place of one would be shown.
/// </summary>
public static partial class SecretText
{
    private const int MaxBytes = 4096;

    /// <summary>Replaces every <c>${NAME}</c> by an environment variable's value.</summary>
    /// <returns>The text, and the values in it.</returns>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: a variable is not set.</exception>
    public static (string Text, IReadOnlyList<string> Values) Expand(string text, Func<string, string?> environment)
    {
        var values = new List<string>();
        var expanded = Variable().Replace(text, match =>
        {
            var name = match.Groups[1].Value;
            values.Add(environment(name) is { Length: > 0 } value ? value : throw Fault($"the environment has no {name}; allowed a variable that is set"));
            return values[^1];
        });
        return (expanded, values);
    }

    /// <summary>A secret from a file or a variable; null when neither is named.</summary>
    /// <param name="file">Path; null or empty for none.</param>
    /// <param name="variable">Name; null or empty for none.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: it cannot be read, or both are named.</exception>
    public static string? Read(string? file, string? variable, Func<string, string?> environment)
    {
        if (!string.IsNullOrEmpty(file) && !string.IsNullOrEmpty(variable))
        {
            throw Fault("a file and an environment variable; allowed one of them");
        }

        if (!string.IsNullOrEmpty(file))
        {
            return FromFile(file);
        }

        return string.IsNullOrEmpty(variable) ? null : FromEnvironment(variable, environment);
    }

    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: not <c>user:password</c>.</exception>
    public static string CheckCredentials(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) > 0 && !text.Any(char.IsControl)
            ? text
            : throw Fault("not credentials; allowed one line user:password");

    private static string FromEnvironment(string name, Func<string, string?> environment) =>
        environment(name) is { Length: > 0 } value ? value : throw Fault("not in the environment; allowed the name of a variable that is set");

    private static string FromFile(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var text = new char[MaxBytes];
            return new string(text, 0, reader.ReadBlock(text)).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Without the exception, whose message holds the path.
            var problem = exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "the file cannot be read";
            throw Fault($"{problem}; allowed a file with one line");
        }
    }

    private static FaultException Fault(string message) => new(FaultOrigin.Configuration, message);

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Variable();
}
