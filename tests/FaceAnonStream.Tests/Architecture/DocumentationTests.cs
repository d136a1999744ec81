using System.Text.RegularExpressions;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Architecture;

/// <summary>What the documents name exists.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Commands = ["run", "serve", "evaluate", "demo", "probe", "settings", "validate", "models", "models show", "models verify"];

    public static TheoryData<string> Documents => ["README.md", "CHANGELOG.md", "src/ARCHITECTURE.md"];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_RelativeLinks_LeadSomewhere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        Link().Matches(Read(document)).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target)))
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_PathsOfTheRepository_Exist(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, document))!;
        RepositoryPath().Matches(Read(document)).Select(match => match.Groups[1].Value)
            .Where(path => !Matches(Path.GetFullPath(Path.Combine(path.StartsWith("../", StringComparison.Ordinal) ? folder : Repository.Root, path))))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Architecture_FoldersOfItsTable_Exist()
    {
        var project = "";
        var rows = FolderRow().Matches(Read("src/ARCHITECTURE.md"));
        rows.Count.ShouldBeGreaterThan(10);
        foreach (Match row in rows)
        {
            var name = row.Groups["name"].Value;
            project = row.Groups["inner"].Success ? project : name;
            var path = Path.Combine(Repository.Root, "src", project, row.Groups["inner"].Success ? name : "");
            Directory.Exists(path).ShouldBeTrue(path);
        }
    }

    [Fact]
    public async Task Readme_CommandLines_UseOptionsOfTheirCommand()
    {
        var lines = CommandLineExample().Matches(Read("README.md"));
        lines.Count.ShouldBeGreaterThan(4);
        foreach (Match line in lines)
        {
            var help = await HelpAsync(line.Groups["command"].Value);
            Option().Matches(line.Groups["rest"].Value).Select(match => match.Value).Except(help).ShouldBeEmpty(line.Value);
        }
    }

    [Fact]
    public async Task Readme_EveryOption_IsOneOfTheProgramOrOfAScript()
    {
        HashSet<string> known = [
            .. OptionsIn(Read("benchmarks/transcode.sh")), .. OptionsIn(Read("benchmarks/live.sh")), .. OptionsIn(Read("test")),
            .. OptionsIn(Read("tests/FaceAnonStream.Tests/Kit/Peers/rtsp-server.py")),
        ];
        foreach (var command in Commands)
        {
            known.UnionWith(await HelpAsync(command));
        }

        OptionsIn(Read("README.md")).Except(known).ShouldBeEmpty();
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static IEnumerable<string> OptionsIn(string text) => Option().Matches(text).Select(match => match.Value);

    private static async Task<IEnumerable<string>> HelpAsync(string command)
    {
        var result = await Faceanon.RunAsync([.. command.Split(' '), "--help"]);
        result.ExitCode.ShouldBe(0, result.Error);
        return OptionsIn(result.Output);
    }

    // An ellipsis stands for folders that the text leaves out.
    private static bool Matches(string path)
    {
        var gap = path.IndexOf("/…/", StringComparison.Ordinal);
        return gap < 0
            ? Path.Exists(path)
            : Directory.EnumerateFiles(path[..gap], Path.GetFileName(path), SearchOption.AllDirectories)
                .Any(file => file.EndsWith(path[(gap + 2)..], StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();

    // What begins like a path from here; ../shared lies beside the repository and is never part of it.
    [GeneratedRegex(@"`((?:src|tests|configs|benchmarks|\.setup|\.ci|\.|\.\.)/(?!shared)[^\s`]*)")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"^\| `(?<inner>· )?(?<name>[A-Za-z.]+)/`", RegexOptions.Multiline)]
    private static partial Regex FolderRow();

    [GeneratedRegex(@"^\./faceanon (?<command>models (?:show|verify)|[a-z]+)(?<rest>[^#\n]*)", RegexOptions.Multiline)]
    private static partial Regex CommandLineExample();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex Option();
}
