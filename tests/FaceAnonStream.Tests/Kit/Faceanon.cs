using System.Diagnostics;
using FaceAnonStream.Cli;
using FaceAnonStream.Inference.Catalog;

namespace FaceAnonStream.Tests.Kit;

/// <summary>The program under test: in this process for most tests, as a process where signals matter.</summary>
internal static class Faceanon
{
    /// <summary>Runs a command line as <c>faceanon</c> would, with the development models installed where there are any.</summary>
    public static Task<CommandResult> RunAsync(params string[] arguments) =>
        RunAsync(new ModelFolders([SharedAssets.ModelFolder]), arguments);

    /// <summary>The same with no model installed: the embedded ones are used.</summary>
    public static Task<CommandResult> RunBareAsync(params string[] arguments) => RunAsync(new ModelFolders([]), arguments);

    private static async Task<CommandResult> RunAsync(ModelFolders folders, string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var context = new CommandContext
        {
            Out = output,
            Error = error,
            Time = TimeProvider.System,
            OnHangUp = _ => throw new InvalidOperationException("this command does not watch for hang-ups"),
            CreateEngine = () => new LocalEngine(TimeProvider.System, folders),
        };
        var exitCode = await CommandLine.RunAsync(arguments, context, CancellationToken.None);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts the built program as a process of its own.</summary>
    public static Process Start(params string[] arguments) => Process.Start(StartInfo(arguments))!;

    /// <summary>The same for a user whose home, cache and data folders are <paramref name="home"/>, and who set nothing else.</summary>
    public static Process StartAtHome(string home, params string[] arguments)
    {
        var start = StartInfo(arguments);
        start.Environment["HOME"] = home;
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(home, ".cache");
        start.Environment["XDG_DATA_HOME"] = Path.Combine(home, ".local", "share");
        start.Environment.Remove(ModelFolders.EnvironmentVariable);

        // Set here or by CI, it would hide that the program does not set it.
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        return Process.Start(start)!;
    }

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "faceanon.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment[ModelFolders.EnvironmentVariable] = SharedAssets.ModelFolder;
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
