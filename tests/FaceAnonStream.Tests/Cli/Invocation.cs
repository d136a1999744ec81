using FaceAnonStream.Cli;

namespace FaceAnonStream.Tests.Cli;

/// <summary>What one run of the program did.</summary>
internal sealed record Invocation(int ExitCode, string Out, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<Invocation> RunAsync(params string[] args) => RunAsync(new FakeEngine(), args);

    public static Task<Invocation> RunAsync(FakeEngine engine, params string[] args) =>
        RunAsync(context => context with { CreateEngine = () => engine }, CancellationToken.None, args);

    public static async Task<Invocation> RunAsync(
        Func<CommandContext, CommandContext> adapt, CancellationToken ct, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = adapt(new CommandContext
        {
            Out = output,
            Error = error,
            Time = new ManualTime(),
            OnHangUp = _ => throw new InvalidOperationException("this command does not watch for hang-ups"),
            CreateEngine = () => throw new InvalidOperationException("this command needs no engine"),
        });
        var exitCode = await CommandLine.RunAsync(args, context, ct);
        return new Invocation(exitCode, output.ToString(), error.ToString());
    }
}
