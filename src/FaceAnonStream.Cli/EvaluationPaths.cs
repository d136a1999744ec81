using FaceAnonStream.Faults;
using FaceAnonStream.Media;

namespace FaceAnonStream.Cli;

/// <summary>Which recordings <c>faceanon evaluate</c> compares, and what stands in the way.</summary>
/// <param name="Clips">The pairs; none when there are obstacles.</param>
/// <param name="Unpaired">Recordings of either folder that the other one lacks.</param>
/// <param name="Obstacles">One line each.</param>
internal sealed record EvaluationPaths(
    IReadOnlyList<ClipPaths> Clips, IReadOnlyList<string> Unpaired, IReadOnlyList<RunObstacle> Obstacles)
{
    private const string ListSuffix = ".jsonl";

    /// <summary>Pairs two files, or the recordings of two folders that have the same names.</summary>
    /// <param name="original">File or folder.</param>
    /// <param name="anonymised">Likewise.</param>
    /// <param name="faces">The list of faces of two files; of two folders, the folder that has <c>a.mp4.jsonl</c> for <c>a.mp4</c>;
    /// null for none.</param>
    public static EvaluationPaths Find(string original, string anonymised, string? faces)
    {
        string[] both = [original, anonymised];
        if (both.All(Directory.Exists))
        {
            return AddLists(PairFolders(original, anonymised), clip => faces is null ? null : Path.Combine(faces, clip + ListSuffix));
        }

        var obstacles = both.Select(RunRequestChecks.CheckInput).OfType<RunObstacle>().ToList();
        return obstacles.Count > 0
            ? new EvaluationPaths([], [], obstacles)
            : AddLists(new EvaluationPaths([new ClipPaths(Path.GetFileName(original), original, anonymised)], [], []), _ => faces);
    }

    private static EvaluationPaths AddLists(EvaluationPaths paths, Func<string, string?> listOf)
    {
        var clips = paths.Clips.Select(clip => clip with { Faces = listOf(clip.Name) }).ToList();
        var obstacles = clips.Select(clip => clip.Faces).OfType<string>().Select(RunRequestChecks.CheckInput).OfType<RunObstacle>().ToList();
        return obstacles.Count > 0 ? new EvaluationPaths([], [], obstacles) : paths with { Clips = clips };
    }

    private static EvaluationPaths PairFolders(string original, string anonymised)
    {
        var (before, after) = (Recordings(original), Recordings(anonymised));
        var names = before.Intersect(after).Order(StringComparer.Ordinal).ToList();
        IEnumerable<string> alone =
            [.. before.Except(after).Select(name => Path.Combine(original, name)), .. after.Except(before).Select(name => Path.Combine(anonymised, name))];
        return names.Count > 0
            ? new EvaluationPaths(
                names.ConvertAll(name => new ClipPaths(name, Path.Combine(original, name), Path.Combine(anonymised, name))),
                [.. alone.Order(StringComparer.Ordinal)],
                [])
            : new EvaluationPaths(
                [], [], [new RunObstacle(FaultOrigin.Configuration, $"{original} and {anonymised}: have no recordings of the same name")]);
    }

    private static List<string> Recordings(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.') && FileFormats.IsOutput(name))];
}
