using System.CommandLine;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Service;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon serve</c>: anonymises live streams until it is told to end.</summary>
internal sealed class ServeCommand
{
    private readonly Argument<string> _file = new("CONFIG") { Description = "A YAML file of streams and settings." };

    private readonly Option<bool> _check = new("--check") { Description = "Check the file, list everything that is wrong with it, and end." };

    private readonly CommandContext _context;

    private ServeCommand(CommandContext context) => _context = context;

    public static Command Create(CommandContext context)
    {
        var serve = new ServeCommand(context);
        var command = new NotedCommand(
            "serve",
            "Anonymise live streams, with a web page and an HTTP API.",
            """
            The page is at the address that service.listen names: http://127.0.0.1:8088/ by default.
            SIGHUP reads the file again: streams that did not change run on. SIGTERM ends the service.
            The log goes to stderr. Paths in the file are relative to the current folder.

            Examples:
              faceanon serve configs/demo-live.yaml
              faceanon serve --check cameras.yaml
            """)
        {
            serve._file, serve._check,
        };
        command.SetAction(serve.InvokeAsync);
        return command;
    }

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken ct)
    {
        var path = parsed.GetRequiredValue(_file);
        var result = ServiceFile.Read(path, _context.Variable);
        foreach (var error in result.Errors)
        {
            _context.WriteError(error);
        }

        if (result.Configuration is not { } configuration)
        {
            return ExitCode.Usage;
        }

        if (parsed.GetValue(_check))
        {
            var count = configuration.Streams.Count;
            _context.Out.WriteLine($"{OneLine.Clean(path)}: valid, {count} {(count == 1 ? "stream" : "streams")}");
            return ExitCode.Done;
        }

        await ServeAsync(path, configuration, ct);
        return ExitCode.Done;
    }

    private async Task ServeAsync(string path, ServiceConfiguration configuration, CancellationToken ct)
    {
        await using var service = new StreamService(new ServiceParts
        {
            Configuration = configuration,
            ReadConfiguration = () => ServiceFile.Read(path, _context.Variable),
            CreateStreams = configuration => _context.CreateEngine().LoadStreamsAsync(configuration),
            Metrics = _context.CreateMetrics?.Invoke(),
            Logging = _context.Logging,
            Time = _context.Time,
        });
        using var hangUp = _context.OnHangUp(() => _ = service.ReloadAsync(CancellationToken.None));
        try
        {
            await service.RunAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // A service that was told to end has done what it should.
        }
        catch (IOException exception)
        {
            throw new FaultException(
                FaultOrigin.Node, $"cannot listen at {configuration.Service.Listen}: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }
}
