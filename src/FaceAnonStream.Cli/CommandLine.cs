using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Reflection;
using FaceAnonStream.Cli.Commands;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;

namespace FaceAnonStream.Cli;

/// <summary>The command line as a whole: parsing, and what failures look like.</summary>
internal static class CommandLine
{
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Runs one command line and returns its exit code; never throws.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context, CancellationToken ct)
    {
        try
        {
            var parsed = CreateRoot(context).Parse(args);
            var mistyped = MistypedOptions(parsed, args);
            return parsed.Action is ParseErrorAction || (mistyped.Count > 0 && parsed.Action == parsed.CommandResult.Command.Action)
                ? ReportUsage(parsed, mistyped, context)
                : await parsed.InvokeAsync(
                    new InvocationConfiguration
                    {
                        Output = context.Out,
                        Error = context.Error,
                        EnableDefaultExceptionHandler = false,
                        // Signals are the caller's, who owns the token.
                        ProcessTerminationTimeout = null,
                    },
                    ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            context.WriteError("cancelled");
            return ExitCode.Cancelled;
        }
        catch (Exception exception)
        {
            return ReportFailure(exception, context);
        }
    }

    private static RootCommand CreateRoot(CommandContext context)
    {
        var root = new RootCommand("Anonymises faces in recordings and live streams, on this machine.")
        {
            RunCommand.Create(context),
            ServeCommand.Create(context),
            EvaluateCommand.Create(context),
            DemoCommand.Create(context),
            ProbeCommand.Create(context),
            ValidateCommand.Create(context),
            ModelsCommand.Create(context),
            SettingsCommand.Create(context),
        };
        root.Options.OfType<VersionOption>().Single().Action = new ShowVersion();
        root.Options.OfType<HelpOption>().Single().Action = new HelpWithNotes(
            """
            Examples:
              faceanon demo
              faceanon run street.mp4 street.anon.mp4
              faceanon run street.mp4 street.anon.mp4 --method blur --report street.json
              faceanon run rtsp://camera/stream rtsp://server/anonymised
              faceanon serve configs/demo-live.yaml
              faceanon settings > house.yaml

            Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 130 cancelled.
            FACEANON_TRACE=1 in the environment adds a stack trace to failures.
            """);
        return root;
    }

    /// <summary>What was taken for a file, though it looks like an option. Behind <c>--</c> files may have any name.</summary>
    private static List<string> MistypedOptions(ParseResult parsed, IReadOnlyList<string> args)
    {
        var options = args.TakeWhile(argument => argument != "--").Where(argument => argument is ['-', _, ..]).ToHashSet();
        return [.. parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Where(options.Contains)];
    }

    private static int ReportUsage(ParseResult parsed, List<string> mistyped, CommandContext context)
    {
        var command = parsed.CommandResult.Command;
        var name = NameOf(parsed.CommandResult);
        string[] known =
            [.. command.Subcommands.Select(sub => sub.Name), .. command.Options.Select(option => option.Name)];
        // What looks like an option takes a file's place, and the last file is then one too many.
        var errors = (mistyped.Count > 0 ? mistyped : parsed.UnmatchedTokens)
            .Select(token => $"{OneLine.Excerpt(token)}: unknown{Spelling.Suggest(token, known)}")
            .ToList();
        if (errors.Count == 0)
        {
            errors.AddRange(parsed.Errors.Select(error => error.SymbolResult switch
            {
                ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing => $"{missing.Argument.Name} is missing",
                CommandResult { Command: RootCommand } => "a command is missing",
                _ => error.Message.TrimEnd('.'),
            }));
        }

        foreach (var error in errors)
        {
            context.WriteError($"{error} (see {name} --help)");
        }

        return ExitCode.Usage;
    }

    /// <summary>How a user calls a command, e.g. <c>faceanon models verify</c>.</summary>
    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "faceanon";

    private static int ReportFailure(Exception exception, CommandContext context)
    {
        var fault = exception as FaultException;
        context.WriteError(exception.Message);
        if (fault is null or { Origin: FaultOrigin.Defect })
        {
            var kind = (fault?.InnerException ?? exception).GetType().Name;
            context.WriteError(
                $"this is a bug of faceanon {Version} ({kind}): please report it with the command that you ran");
        }

        if (context.Traces)
        {
            context.Error.WriteLine(exception);
        }

        return fault is null ? ExitCode.Failed : ExitCode.For(fault.Origin);
    }
}
