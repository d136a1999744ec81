namespace FaceAnonStream.Inference.Catalog;

/// <summary>The folders where installed models are looked for, in order.</summary>
public sealed class ModelFolders(IReadOnlyList<string> paths)
{
    /// <summary>Names the environment variable that replaces the default folders: paths separated by colons.</summary>
    public const string EnvironmentVariable = "FACEANON_MODELS";

    public IReadOnlyList<string> Paths { get; } = paths;

    /// <summary>
    /// The folders of FACEANON_MODELS; without it <c>faceanon/models</c> in the user's data folder (XDG Base Directory
    /// Specification) and <c>./models</c>.
    /// </summary>
    /// <param name="variable">Looks an environment variable up.</param>
    public static ModelFolders FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var chosen = (variable(EnvironmentVariable) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        if (chosen.Length > 0)
        {
            return new ModelFolders(chosen);
        }

        // The specification says that a relative XDG_DATA_HOME is to be ignored.
        var data = variable("XDG_DATA_HOME");
        if (!Path.IsPathFullyQualified(data ?? ""))
        {
            data = variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "share") : null;
        }

        return new ModelFolders(data is null ? ["models"] : [Path.Combine(data, "faceanon", "models"), "models"]);
    }

    /// <summary>The first file of that name.</summary>
    public string? Find(string fileName) =>
        Paths.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);
}
