using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FaceAnonStream.Cli.Commands;

/// <summary>A command with text, such as examples, for the end of its help.</summary>
internal sealed class NotedCommand(string name, string description, string notes) : Command(name, description)
{
    public string Notes { get; } = notes;
}

/// <summary>The generated help, then the command's notes.</summary>
internal sealed class HelpWithNotes(string rootNotes) : SynchronousCommandLineAction
{
    private const int Columns = 100;

    private readonly HelpAction _generated = new() { MaxWidth = Columns };

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _generated.Invoke(parseResult);
        var notes = parseResult.CommandResult.Command is NotedCommand command ? command.Notes : rootNotes;
        parseResult.InvocationConfiguration.Output.WriteLine(notes);
        return ExitCode.Done;
    }
}

/// <summary>The program's name and version.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"faceanon {CommandLine.Version}");
        return ExitCode.Done;
    }
}
