using System.CommandLine;
using System.Net;
using FaceAnonStream.Cli;
using FaceAnonStream.Cli.Commands;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Tests.Hosting;
using FaceAnonStream.Tests.Kit;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedStreams _streams = new();
    private readonly CancellationTokenSource _end = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly TaskCompletionSource<ServiceConfiguration> _loaded = new();
    private readonly LogLines _log = new();
    private Action _hangUp = () => { };

    public void Dispose()
    {
        _folder.Dispose();
        _end.Dispose();
        _out.Dispose();
        _log.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Serve_Check_SaysThatTheFileIsValidAndEnds()
    {
        var path = Write(Stream("door"));

        (await RunAsync("--check", path)).ShouldBe(ExitCode.Done);

        _out.ToString().ShouldBe($"{path}: valid, 1 stream\n");
        _loaded.Task.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("--check")]
    [InlineData(null)]
    public async Task Serve_WrongFile_ListsEveryProblemAndStartsNothing(string? option)
    {
        var path = Write("a: 1\nb: 2\n");

        (await RunAsync([.. option is null ? Array.Empty<string>() : [option], path])).ShouldBe(ExitCode.Usage);

        _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        _loaded.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Serve_UntilItIsToldToEnd_RunsStreamsAndReloadsOnHangUp()
    {
        var path = Write(Stream("door"));
        var serving = RunAsync(path);
        (await Eventually.EndsAsync(_loaded.Task)).Streams.Count.ShouldBe(1);
        await Eventually.HoldsAsync(() => _streams.Count("door") == 1);

        Write(Stream("door") + Stream("gate"));
        _hangUp();
        await Eventually.HoldsAsync(() => _streams.Count("gate") == 1);
        _streams.Count("door").ShouldBe(1);
        await _end.CancelAsync();

        (await Eventually.EndsAsync(serving)).ShouldBe(ExitCode.Done);
        _streams.Newest("door").IsDisposed.ShouldBeTrue();
        _streams.Newest("gate").IsDisposed.ShouldBeTrue();
        _log.All.ShouldContain("Information: configuration applied: 1 streams added, 0 changed, 0 removed, 1 left alone");
    }

    [Fact]
    public async Task Serve_TakenAddress_SaysSo()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var path = Write("", taken.LocalEndpoint.ToString()!);

        (await Should.ThrowAsync<FaultException>(() => Eventually.EndsAsync(RunAsync(path)))).Message.ShouldBe(
            $"cannot listen at {taken.LocalEndpoint}: Address already in use");
    }

    private static string Stream(string name) => $"- {{name: {name}, source: 'rtsp://camera.test/{name}', output: 'rtsp://server.test/{name}'}}\n";

    private string Write(string streams, string listen = "127.0.0.1:0")
    {
        var text = streams.Contains("a: 1", StringComparison.Ordinal) ? streams : $"service: {{listen: '{listen}'}}\nstreams:\n{streams}";
        return _folder.Write("house.yaml", System.Text.Encoding.UTF8.GetBytes(text));
    }

    private Task<int> RunAsync(params string[] arguments)
    {
        var context = new CommandContext
        {
            Out = _out,
            Error = _error,
            Time = TimeProvider.System,
            Logging = logging => logging.AddProvider(_log),
            OnHangUp = action =>
            {
                _hangUp = action;
                return new MemoryStream();
            },
            CreateEngine = () => new FakeEngine { Streams = Load },
        };
        return ServeCommand.Create(context).Parse(arguments).InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, _end.Token);
    }

    private Task<ILiveStreamFactory> Load(ServiceConfiguration configuration)
    {
        _loaded.SetResult(configuration);
        return Task.FromResult<ILiveStreamFactory>(_streams);
    }
}
