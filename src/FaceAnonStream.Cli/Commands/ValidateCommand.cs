using System.CommandLine;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;

namespace FaceAnonStream.Cli.Commands;

/// <summary><c>faceanon validate</c>: checks a configuration file and lists everything that is wrong with it.</summary>
internal static class ValidateCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("CONFIG") { Description = "A YAML file of settings." };
        var command = new NotedCommand(
            "validate",
            "Check a configuration file and list everything that is wrong with it.",
            """
            Example:
              faceanon validate house.yaml
            """)
        {
            file,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var result = ConfigurationFile.Read(path, new FaceAnonOptions());
            foreach (var error in result.Errors)
            {
                context.WriteError(error);
            }

            if (result.Options is null)
            {
                return ExitCode.Usage;
            }

            context.Out.WriteLine($"{OneLine.Clean(path)}: valid");
            return ExitCode.Done;
        });
        return command;
    }
}
