using System.CommandLine;
using System.Text.Json;
using FaceAnonStream.Cli.Reporting;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon models</c>: the models on this machine.</summary>
internal static class ModelsCommand
{
    private const int ShownHashDigits = 12;

    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON, with whole hashes." };
        var command = new NotedCommand(
            "models",
            "List the models that are installed, in the order in which they are preferred.",
            "KNOWN tells whether a file is, byte for byte, the one that was published under its name.")
        {
            json,
        };
        command.SetAction(parsed =>
        {
            var models = context.CreateEngine().ListModels();
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonSerializer.Serialize(models, CliJson.Readable.IReadOnlyListInstalledModel));
            }
            else if (models.Count == 0)
            {
                context.Out.WriteLine("no models are installed");
            }
            else
            {
                TextTable.Write(context.Out, [["NAME", "TASK", "LICENCE", "SHA-256", "KNOWN", "PATH"], .. models.Select(Row)]);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string[] Row(InstalledModel model) =>
    [
        model.Name,
        model.Task,
        model.Licence,
        model.Sha256[..Math.Min(ShownHashDigits, model.Sha256.Length)],
        model.IsKnown ? "yes" : "no",
        model.Path ?? "embedded",
    ];
}
