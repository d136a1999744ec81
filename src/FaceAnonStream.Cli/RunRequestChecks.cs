using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;

namespace FaceAnonStream.Cli;

/// <summary>Something that makes a job pointless to start.</summary>
/// <param name="Origin">Whose fault it is: decides the exit code.</param>
/// <param name="Message">One line.</param>
internal sealed record RunObstacle(FaultOrigin Origin, string Message);

/// <summary>
/// Looks for what would make a job fail before it starts. It changes nothing on disk but for a file that it creates and
/// removes to learn whether a folder can be written to.
/// </summary>
internal static class RunRequestChecks
{
    /// <param name="request">The job.</param>
    /// <param name="reportPath">Where its report goes, or null.</param>
    /// <returns>Every obstacle found; empty when the job may start.</returns>
    public static IReadOnlyList<RunObstacle> Check(RunRequest request, string? reportPath) => Check(
        [("the input", request.Input)],
        [("the output", request.Output), .. Records(reportPath, request.FacesPath)],
        [.. Extras(request.Models, request.KeyPath)],
        request.Overwrite);

    /// <param name="request">A live stream.</param>
    /// <param name="reportPath">Where its report goes, or null.</param>
    /// <param name="overwrite">Whether files may be replaced.</param>
    /// <returns>Every obstacle found but for those at the ends of the stream; empty when it may start.</returns>
    public static IReadOnlyList<RunObstacle> Check(LiveRequest request, string? reportPath, bool overwrite) =>
        request.Duration <= TimeSpan.Zero
            ? [Usage("--duration: allowed a number of seconds above 0")]
            : Check([], [.. Records(reportPath, request.FacesPath)], [.. Extras(request.Models, request.KeyPath)], overwrite);

    /// <summary>What keeps a file from being read; null when nothing does.</summary>
    public static RunObstacle? CheckInput(string path)
    {
        if (Uri.TryCreate(path, UriKind.Absolute, out var uri) && !uri.IsFile)
        {
            // Only the scheme is shown: the rest may hold a password.
            return Usage($"{uri.Scheme}: is not a file; allowed the path of a file");
        }

        if (Directory.Exists(path))
        {
            return Usage($"{path}: is a directory; allowed a file");
        }

        if (!File.Exists(path))
        {
            return Usage($"{path}: no such file");
        }

        try
        {
            File.OpenHandle(path).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new RunObstacle(FaultOrigin.Source, $"{path}: cannot be read ({exception.Message})");
        }
    }

    /// <summary>What keeps a file from being made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether an older one may be replaced.</param>
    /// <param name="option">What the user would have to say to allow that.</param>
    /// <returns>Null when nothing does.</returns>
    public static RunObstacle? CheckOutput(string path, bool overwrite, string option)
    {
        if (Directory.Exists(path) || path.EndsWith(Path.DirectorySeparatorChar))
        {
            return Usage($"{path}: is a directory; allowed the name of a file to make");
        }

        var file = new FileInfo(path);
        var folder = file.DirectoryName!;
        if (!Directory.Exists(folder))
        {
            return Usage($"{path}: the folder {folder} does not exist");
        }

        // A link that leads nowhere is somebody's file too.
        if (!overwrite && (file.Exists || file.LinkTarget is not null))
        {
            return Usage($"{path}: exists already; {option} replaces it");
        }

        try
        {
            var probe = Path.Combine(folder, $".faceanon-{Path.GetRandomFileName()}");
            using var created = new FileStream(
                probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new RunObstacle(FaultOrigin.Sink, $"{path}: the folder {folder} cannot be written to");
        }
    }

    private static List<RunObstacle> Check(
        List<(string Role, string Path)> inputs,
        List<(string Role, string Path)> outputs,
        List<(string Role, string Path)> extras,
        bool overwrite)
    {
        // Two names of one file matter more than the file's existence, which --overwrite would wave through.
        if (CheckNames([.. inputs, .. outputs, .. extras]) is { Count: > 0 } clashes)
        {
            return clashes;
        }

        return
        [
            .. inputs.Concat(extras).Select(input => CheckInput(input.Path)).OfType<RunObstacle>(),
            .. outputs.Select(output => CheckOutput(output.Path, overwrite, "--overwrite")).OfType<RunObstacle>(),
        ];
    }

    private static List<RunObstacle> CheckNames(List<(string Role, string Path)> files) =>
    [
        .. from i in Enumerable.Range(0, files.Count)
           from j in Enumerable.Range(i + 1, files.Count - i - 1)
           where RealPath.Of(files[i].Path) == RealPath.Of(files[j].Path)
           select Usage($"{files[j].Path}: is {files[i].Role} and {files[j].Role}; allowed two different files"),
    ];

    /// <summary>Files that say what was done.</summary>
    private static IEnumerable<(string Role, string Path)> Records(string? reportPath, string? facesPath) =>
        Given(("the report", reportPath), ("the list of faces", facesPath));

    /// <summary>Files that the user named beside the input, and their roles.</summary>
    private static IEnumerable<(string Role, string Path)> Extras(ModelPaths models, string? keyPath) => Given(
        ("the detector", models.Detector),
        ("the landmark net", models.Landmarks),
        ("the generator", models.Generator),
        ("the key", keyPath));

    private static IEnumerable<(string Role, string Path)> Given(params (string Role, string? Path)[] files) =>
        from file in files where file.Path is not null select (file.Role, file.Path);

    private static RunObstacle Usage(string message) => new(FaultOrigin.Configuration, message);
}
