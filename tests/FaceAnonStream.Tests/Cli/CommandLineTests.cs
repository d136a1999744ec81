using FaceAnonStream.Cli;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public class CommandLineTests
{
    [Theory]
    [InlineData("--help", "faceanon run street.mp4 street.anon.mp4")]
    [InlineData("run --help", "stdout stays empty")]
    [InlineData("probe --help", "faceanon probe street.mp4 --json")]
    [InlineData("validate --help", "faceanon validate house.yaml")]
    [InlineData("models --help", "byte for byte")]
    [InlineData("models show --help", "faceanon models show landmarks")]
    [InlineData("models verify --help", "Exit code 1 if one fails")]
    [InlineData("settings --help", "faceanon settings --schema")]
    public async Task Help_EveryCommand_EndsWithItsNotes(string args, string note)
    {
        var result = await Invocation.RunAsync(args.Split(' '));

        result.ExitCode.ShouldBe(0);
        result.Out.ShouldContain(note);
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Version_IsOneLine() => (await Invocation.RunAsync("--version")).Out.ShouldMatch(@"\Afaceanon \d+\.\d+\.\d+\S*\n\z");

    [Theory]
    [InlineData("", "a command is missing (see faceanon --help)")]
    [InlineData("runn", "runn: unknown (did you mean run?) (see faceanon --help)")]
    [InlineData("run a", "OUTPUT is missing (see faceanon run --help)")]
    [InlineData("run a b --mehtod", "--mehtod: unknown (did you mean --method?) (see faceanon run --help)")]
    [InlineData("run a b c", "c: unknown (see faceanon run --help)")]
    [InlineData("demo --overwrite", "--overwrite: unknown (see faceanon demo --help)")]
    [InlineData("demo --peopel", "--peopel: unknown (did you mean --people?) (see faceanon demo --help)")]
    [InlineData("serve --chekc", "--chekc: unknown (did you mean --check?) (see faceanon serve --help)")]
    [InlineData("run --bogus out.mp4", "--bogus: unknown (see faceanon run --help)")]
    [InlineData("run --bogus a b", "--bogus: unknown (see faceanon run --help)")]
    [InlineData("models shwo", "shwo: unknown (did you mean show?) (see faceanon models --help)")]
    [InlineData("models show", "NAME is missing (see faceanon models show --help)")]
    [InlineData("models verify --landmark", "--landmark: unknown (did you mean --landmarks?) (see faceanon models verify --help)")]
    [InlineData("run a b --crf", "Required argument missing for option: '--crf' (see faceanon run --help)")]
    public async Task Parse_WrongUsage_IsOneLineAndExitCode2(string args, string message)
    {
        var result = await Invocation.RunAsync(args.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        result.ShouldBe(new Invocation(2, "", $"faceanon: {message}\n"));
    }

    [Fact]
    public async Task Parse_FilesBehindTwoDashes_MayHaveAnyName() =>
        (await Invocation.RunAsync("serve", "--", "--no-such-file.yaml")).Error.ShouldBe("faceanon: --no-such-file.yaml: no such file\n");

    [Theory]
    [InlineData(FaultOrigin.Configuration, 2)]
    [InlineData(FaultOrigin.Source, 1)]
    [InlineData(FaultOrigin.Model, 1)]
    [InlineData(FaultOrigin.Sink, 1)]
    [InlineData(FaultOrigin.Node, 1)]
    public async Task Fault_Expected_IsOneLine(FaultOrigin origin, int exitCode)
    {
        var result = await FailAsync(new FaultException(origin, "in.mp4: is\u001b[2J broken"));

        result.ShouldBe(new Invocation(exitCode, "", "faceanon: in.mp4: is?[2J broken\n"));
    }

    [Fact]
    public async Task Fault_Defect_AsksForAReport()
    {
        var result = await FailAsync(new InvalidOperationException("the sum is wrong"));

        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldBe([
            "faceanon: the sum is wrong",
            $"faceanon: this is a bug of faceanon {CommandLine.Version} (InvalidOperationException): please report it with the command that you ran",
        ]);
    }

    [Fact]
    public async Task Fault_Traced_ShowsTheStack()
    {
        var result = await FailAsync(new FaultException(FaultOrigin.Source, "broken"), traces: true);

        result.ErrorLines[0].ShouldBe("faceanon: broken");
        result.Error.ShouldContain("   at FaceAnonStream");
    }

    [Fact]
    public async Task Settings_PrintsYamlOrSchema()
    {
        (await Invocation.RunAsync("settings")).ShouldBe(new Invocation(0, DefaultYaml.Write(new FaceAnonOptions()), ""));
        (await Invocation.RunAsync("settings", "--schema")).ShouldBe(new Invocation(0, JsonSchema.Write(), ""));
    }

    [Fact]
    public async Task Validate_GoodFile_SaysValid()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("house.yaml", [.. "detect:\n  tiles: 2\n"u8]);

        (await Invocation.RunAsync("validate", path)).ShouldBe(new Invocation(0, $"{path}: valid\n", ""));
    }

    [Fact]
    public async Task Validate_BadFile_ListsEveryError()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("house.yaml", [.. "detect:\n  tiles: 0\n  batchSize: 0\n"u8]);

        (await Invocation.RunAsync("validate", path)).ShouldBe(new Invocation(2, "", $"""
            faceanon: {path}:2: detect.tiles: 0; allowed 1 to 8
            faceanon: {path}:3: detect.batchSize: 0; allowed 1 to 64

            """));
    }

    [Fact]
    public async Task Probe_PrintsATable() => (await Invocation.RunAsync("probe", "a\u0007.mp4")).Out.ShouldBe("""
        file       a?.mp4
        format     mov,mp4
        size       1234567 bytes
        duration   16.5 s
        picture    1920x1080 yuv420p
        aspect     1:1 per sample
        turned     0 degrees counter-clockwise
        rate       29.97 frames/s
        frames     480
        time base  1/90000 s
        colour     bt709 matrix, ? primaries, ? transfer, ? range
        stream 0   video h264
        stream 1   audio aac

        """);

    [Fact]
    public async Task Probe_Json_HasCamelCaseAndRationals()
    {
        var json = (await Invocation.RunAsync("probe", "a.mp4", "--json")).Out;

        json.ShouldContain("\"path\": \"a.mp4\"");
        json.ShouldContain("\"frameRate\": \"30000/1001\"");
        json.ShouldContain("\"colorRange\": null");
    }

    private static async Task<Invocation> FailAsync(Exception exception, bool traces = false)
    {
        using var folder = new TemporaryFolder();
        var engine = new FakeEngine { Job = (_, _) => throw exception };
        return await Invocation.RunAsync(
            context => context with { CreateEngine = () => engine, Traces = traces },
            CancellationToken.None,
            "run", folder.Write("in.mp4"), folder.File("out.mp4"));
    }
}
