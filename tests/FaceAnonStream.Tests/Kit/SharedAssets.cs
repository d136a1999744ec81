using Xunit;

namespace FaceAnonStream.Tests.Kit;

/// <summary>Development models, clips and photos that live beside the repository and are never part of it.</summary>
public static class SharedAssets
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared"));

    /// <summary>Where published detectors lie; need not exist.</summary>
    public static string ModelFolder { get; } = Path.Combine(Root, "models");

    public static string Clip(string name) => Require(Path.Combine(Root, "video", name));

    public static string Photo(string name) => Require(Path.Combine(Root, "photos", name));

    public static string Model(string name) => Require(Path.Combine(ModelFolder, name));

    /// <summary>Skips the test where the assets are absent, and fails it there when CI runs it.</summary>
    private static string Require(string path)
    {
        if (!File.Exists(path))
        {
            Assert.False(
                Environment.GetEnvironmentVariable("CI") == "true",
                $"CI must have the development assets, but {path} is missing");
            Assert.Skip($"needs {path}, which is not here");
        }

        return path;
    }
}
