using System.CommandLine;
using FaceAnonStream.Hosting.Configuration;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon settings</c>: every setting, documented.</summary>
internal static class SettingsCommand
{
    public static Command Create(CommandContext context)
    {
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema for editors instead." };
        var live = new Option<bool>("--live") { Description = "Print the defaults of live streams." };
        var command = new NotedCommand(
            "settings",
            "Print every setting with its meaning and default value, as a configuration file.",
            """
            Examples:
              faceanon settings > house.yaml
              faceanon settings --live > live.yaml
              faceanon settings --schema > schema.json
            """)
        {
            live, schema,
        };
        command.SetAction(parsed =>
        {
            context.Out.Write(parsed.GetValue(schema) ? JsonSchema.Write() : DefaultYaml.Write(parsed.GetValue(live) ? FaceAnonOptions.LiveDefaults : new FaceAnonOptions()));
            return ExitCode.Done;
        });
        return command;
    }
}
