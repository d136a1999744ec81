using System.Diagnostics;

namespace FaceAnonStream.Tests.Kit;

/// <summary>What a finished program left.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs programs for tests, with an argument list.</summary>
public static class Command
{
    /// <summary>Runs to the end and fails unless the exit code is 0.</summary>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var result = await TryAsync(program, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {result.ExitCode}\n{result.Error}");
    }

    /// <summary>Runs to the end, whatever the exit code.</summary>
    public static async Task<CommandResult> TryAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, await error);
    }

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
