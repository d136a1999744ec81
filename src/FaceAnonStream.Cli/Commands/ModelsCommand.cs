using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Hosting;
using FaceAnonStream.Inference.Catalog;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon models</c>: the models inside the program and on this machine.</summary>
internal static class ModelsCommand
{
    private const double BytesPerMegabyte = 1e6;

    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON, with whole hashes." };
        var command = new NotedCommand(
            "models",
            "List the models that are embedded and installed; those marked * are used unless others are named.",
            """
            KNOWN tells whether a file is, byte for byte, the one that its manifest describes or that was published under
            its name. Of the models for one task the first is used: an installed detector before the embedded one.

            Examples:
              faceanon models show detector
              faceanon models verify
            """)
        {
            json,
            ModelsShowCommand.Create(context),
            ModelsVerifyCommand.Create(context),
        };
        command.SetAction(parsed =>
        {
            var models = context.CreateEngine().ListModels();
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonSerializer.Serialize(models, CliJson.Readable.IReadOnlyListModelListing));
            }
            else
            {
                TextTable.Write(
                    context.Out,
                    [["", "NAME", "TASK", "LICENCE", "SIZE", "SHA-256", "KNOWN", "WHERE"], .. models.SelectMany(Rows)]);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A file's size for people.</summary>
    public static string Size(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / BytesPerMegabyte:0.00} MB");

    /// <summary>One row per file; only the first says what the model is.</summary>
    private static IEnumerable<string[]> Rows(ModelListing model) => model.Files.Select((file, i) => (string[])
    [
        .. i == 0 ? [model.IsDefault ? "*" : "", model.Name, model.Task, model.Licence] : (string[])["", "", "", ""],
        Size(file.SizeBytes),
        OneLine.ShortHash(file.Sha256),
        file.IsKnown ? "yes" : "no",
        model.Path ?? $"embedded {file.File}",
    ]);
}
