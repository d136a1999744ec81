namespace FaceAnonStream.Tests.Kit;

/// <summary>A folder that goes with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Root = Directory.CreateTempSubdirectory("faceanon-test-").FullName;

    public string Root { get; }

    /// <summary>Names of everything in the folder, hidden files too.</summary>
    public IReadOnlyList<string> Names => [.. Directory.EnumerateFileSystemEntries(Root).Select(path => Path.GetFileName(path)).Order()];

    public string File(string name) => Path.Combine(Root, name);

    /// <summary>Makes a file and returns its path.</summary>
    public string Write(string name, params byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
