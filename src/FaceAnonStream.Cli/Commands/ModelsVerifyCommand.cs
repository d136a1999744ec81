using System.CommandLine;

using FaceAnonStream.Hosting;
namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon models verify</c>: tries models out.</summary>
internal static class ModelsVerifyCommand
{
    public static Command Create(CommandContext context)
    {
        var options = new ModelPathOptions();
        var command = new NotedCommand(
            "verify",
            "Try models out: every embedded and installed one, or the files that are named.",
            """
            Checks each file's hash, loads it, compares its inputs and outputs with the manifest, and runs it on noise: the
            values must be finite, and the same for two pictures at once as for each alone. Exit code 1 if one fails.

            Examples:
              faceanon models verify
              faceanon models verify --landmarks mine.onnx
            """);
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var exitCode = ExitCode.Done;
            await foreach (var verdict in context.CreateEngine().VerifyModelsAsync(options.Read(parsed), ct))
            {
                context.Out.WriteLine(OneLine.Clean(Describe(verdict)));
                exitCode = verdict.Problem is null ? exitCode : ExitCode.Failed;
            }

            return exitCode;
        });
        return command;
    }

    private static string Describe(ModelVerdict verdict)
    {
        var model = $"{verdict.Name} ({verdict.Path ?? "embedded"})";
        return verdict.Problem is null ? $"OK      {model}" : $"FAILED  {model}: {verdict.Problem}";
    }
}
