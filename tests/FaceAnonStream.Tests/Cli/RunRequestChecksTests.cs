using FaceAnonStream.Cli;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class RunRequestChecksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _input;
    private readonly string _output;

    public RunRequestChecksTests()
    {
        _input = _folder.Write("in.mp4");
        _output = _folder.File("out.mp4");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_NothingWrong_FindsNothingAndLeavesNothing()
    {
        Check(_input, _output, reportPath: _folder.File("r.json")).ShouldBeEmpty();

        Directory.GetFileSystemEntries(_folder.Root).ShouldBe([_input]);
    }

    [Fact]
    public void Check_SeveralThingsWrong_FindsThemAll() =>
        Check(_folder.File("none.mp4"), _folder.File("sub/out.mp4"), reportPath: _folder.Root, detector: _folder.File("none.onnx")).ShouldBe([
            Usage($"{_folder.File("none.mp4")}: no such file"),
            Usage($"{_folder.File("none.onnx")}: no such file"),
            Usage($"{_folder.File("sub/out.mp4")}: the folder {_folder.File("sub")} does not exist"),
            Usage($"{_folder.Root}: is a directory; allowed the name of a file to make"),
        ]);

    [Fact]
    public void Check_InputIsDirectory_SaysSo() =>
        Check(_folder.Root, _output).ShouldBe([Usage($"{_folder.Root}: is a directory; allowed a file")]);

    [Fact]
    public void Check_InputIsUrl_ShowsNoPassword() =>
        Check("rtsp://user:secret@camera/1", _output).ShouldBe([Usage("rtsp: is not a file; allowed the path of a file")]);

    [Fact]
    public void Check_OutputExists_NeedsOverwrite()
    {
        _folder.Write("out.mp4");

        Check(_input, _output).ShouldBe([Usage($"{_output}: exists already; --overwrite replaces it")]);
        Check(_input, _output, overwrite: true).ShouldBeEmpty();
    }

    [Fact]
    public void Check_OutputIsADanglingLink_NeedsOverwrite()
    {
        File.CreateSymbolicLink(_output, _folder.File("elsewhere.mp4"));

        Check(_input, _output).ShouldBe([Usage($"{_output}: exists already; --overwrite replaces it")]);
    }

    [Fact]
    public void Check_ReportExists_NeedsOverwrite()
    {
        var report = _folder.Write("r.json");

        Check(_input, _output, reportPath: report).ShouldBe([Usage($"{report}: exists already; --overwrite replaces it")]);
    }

    [Fact]
    public void Check_OutputIsInput_IsRefusedEvenWithOverwrite()
    {
        var sameName = Path.Combine(_folder.Root, "..", Path.GetFileName(_folder.Root), "in.mp4");

        Check(_input, sameName, overwrite: true).ShouldBe([Usage($"{sameName}: is the input and the output; allowed two different files")]);
    }

    [Fact]
    public void Check_OutputIsInputThroughALink_IsRefused()
    {
        File.CreateSymbolicLink(_output, "in.mp4");

        Check(_input, _output, overwrite: true).ShouldBe([Usage($"{_output}: is the input and the output; allowed two different files")]);
    }

    [Fact]
    public void Check_OutputIsInputThroughALinkedFolder_IsRefused()
    {
        Directory.CreateSymbolicLink(_folder.File("linked"), _folder.Root);
        var output = _folder.File("linked/in.mp4");

        Check(_input, output, overwrite: true).ShouldBe([Usage($"{output}: is the input and the output; allowed two different files")]);
    }

    [Fact]
    public void Check_LinkLoop_IsRefusedAndEnds()
    {
        File.CreateSymbolicLink(_output, "out.mp4");

        Check(_input, _output).ShouldBe([Usage($"{_output}: exists already; --overwrite replaces it")]);
    }

    [Fact]
    public void Check_ReportIsOutput_IsRefused() =>
        Check(_input, _output, reportPath: _output).ShouldBe([Usage($"{_output}: is the output and the report; allowed two different files")]);

    [Fact]
    public void Check_KeyIsOutput_IsRefusedEvenWithOverwrite() =>
        Check(_input, _output, overwrite: true, key: _output).ShouldBe([Usage($"{_output}: is the output and the key; allowed two different files")]);

    [Fact]
    public void Check_KeyIsMissing_IsFoundBeforeTheJobStarts() =>
        Check(_input, _output, key: _folder.File("key")).ShouldBe([Usage($"{_folder.File("key")}: no such file")]);

    [Fact]
    public void Check_FolderCannotBeWritten_IsTheSinksFault() =>
        Check(_input, "/proc/out.mp4").ShouldBe([new RunObstacle(FaultOrigin.Sink, "/proc/out.mp4: the folder /proc cannot be written to")]);

    private static IReadOnlyList<RunObstacle> Check(
        string input, string output, bool overwrite = false, string? reportPath = null, string? detector = null, string? key = null) =>
        RunRequestChecks.Check(new RunRequest(input, output, overwrite, new ModelPaths(detector, null, null), null, key, new FaceAnonOptions()), reportPath);

    private static RunObstacle Usage(string message) => new(FaultOrigin.Configuration, message);
}
