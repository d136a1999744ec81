using FaceAnonStream.Hosting;
namespace FaceAnonStream.Cli;

/// <summary>The world of a command: where it writes, what time it is, and the engine.</summary>
internal sealed record CommandContext
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal that can draw a progress bar.</summary>
    public bool DrawsProgress { get; init; }

    /// <summary>Whether failures show their stack trace.</summary>
    public bool Traces { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Called by the commands that need it only: most of the start-up time is the engine's.</summary>
    public required Func<IEngine> CreateEngine { get; init; }

    /// <summary>Writes one line that starts with the program's name.</summary>
    public void WriteError(string message) => Error.WriteLine($"faceanon: {OneLine.Clean(message)}");
}
