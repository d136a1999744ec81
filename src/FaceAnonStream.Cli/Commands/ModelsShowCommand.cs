using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Models;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon models show</c>: what a model takes and gives, what it was made from, how well it does.</summary>
internal static class ModelsShowCommand
{
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string>("NAME") { Description = "A model, as faceanon models names it." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new NotedCommand(
            "show",
            "Show a model's files, inputs and outputs, origin and card.",
            """
            Example:
              faceanon models show landmarks
            """)
        {
            name,
            json,
        };
        command.SetAction(parsed =>
        {
            var facts = Find(context.CreateEngine(), parsed.GetRequiredValue(name));
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(ToJson(facts).ToJsonString(CliJson.Readable.Options));
                return ExitCode.Done;
            }

            TextTable.Write(context.Out, Rows(facts));
            if (facts.Card is { } card)
            {
                context.Out.WriteLine();
                context.Out.Write(WithoutComments(card));
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The card without the lines that only mark where measured tables go.</summary>
    private static string WithoutComments(string card) =>
        string.Join('\n', card.Split('\n').Where(line => !line.StartsWith("<!--", StringComparison.Ordinal)));

    private static ModelFacts Find(IEngine engine, string name)
    {
        if (engine.DescribeModel(name) is { } facts)
        {
            return facts;
        }

        var known = engine.ListModels().Select(model => model.Name).ToList();
        throw new FaultException(
            FaultOrigin.Configuration,
            $"{OneLine.Excerpt(name)}: no such model; allowed {string.Join(", ", known)}{Spelling.Suggest(name, known)}");
    }

    private static List<string[]> Rows(ModelFacts facts)
    {
        var listing = facts.Listing;
        List<string[]> rows =
        [
            ["name", listing.Name],
            ["task", listing.Task],
            ["licence", listing.Licence],
            ["where", listing.Path ?? "embedded"],
            ["used", listing.IsDefault ? "unless another is named" : "when it is named"],
            .. listing.Files.Select(file => new[] { "file", $"{file.File}, {ModelsCommand.Size(file.SizeBytes)}, SHA-256 {file.Sha256}" }),
        ];
        if (facts.Publisher is { } publisher)
        {
            rows.Add(["published by", publisher]);
        }

        if (facts.Manifest is { } manifest)
        {
            var severalGraphs = manifest.Inputs.DistinctBy(input => input.File).Count() > 1;
            rows.AddRange(manifest.Inputs.Select(input => new[] { "takes", Describe(input, severalGraphs) }));
            rows.AddRange(manifest.Outputs.Select(output => new[] { "gives", Describe(output, severalGraphs) }));
            rows.AddRange(manifest.TrainedOn.Select(data => new[] { "trained on", $"{data.Data} ({data.Source}; {data.Licence})" }));
            rows.AddRange(manifest.Teachers.Select(teacher => new[] { "taught by", $"{teacher.Name} ({teacher.Source}; {teacher.Licence})" }));
        }

        return rows;
    }

    private static string Describe(ModelTensor tensor, bool namesGraph) =>
        $"{(namesGraph ? $"{tensor.File}: " : "")}{tensor.Name} {tensor.Type} [{string.Join(", ", tensor.Shape)}]: {tensor.Meaning}";

    private static JsonObject ToJson(ModelFacts facts) => new()
    {
        ["model"] = JsonSerializer.SerializeToNode(facts.Listing, CliJson.Readable.ModelListing),
        ["publisher"] = facts.Publisher,
        ["manifest"] = facts.Manifest?.ToJson(),
        ["card"] = facts.Card,
    };
}
