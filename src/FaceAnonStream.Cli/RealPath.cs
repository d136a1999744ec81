namespace FaceAnonStream.Cli;

/// <summary>Where a path leads after every symbolic link on the way.</summary>
internal static class RealPath
{
    // What Linux allows (path_resolution(7)); more means a loop.
    private const int MaxLinks = 40;

    /// <summary>The absolute path without links; parts that do not exist stay as they are. Hard links are not seen.</summary>
    public static string Of(string path)
    {
        var links = 0;
        return Resolve(Path.GetFullPath(path), ref links);
    }

    private static string Resolve(string path, ref int links)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var folder = Resolve(parent, ref links);
        var here = Path.Combine(folder, Path.GetFileName(path));
        return new FileInfo(here).LinkTarget is { } target && links++ < MaxLinks
            ? Resolve(Path.GetFullPath(target, folder), ref links)
            : here;
    }
}
