using FaceAnonStream.Hosting;
using FaceAnonStream.Service;
using Microsoft.Extensions.Logging;

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

    /// <summary>Looks an environment variable up.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>From now on the hang-up signal calls this instead of ending the command, until what is returned is disposed of.</summary>
    public required Func<Action, IDisposable> OnHangUp { get; init; }

    /// <summary>Where a service's log goes.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = ServiceLog.ToStandardError;

    /// <summary>Gathers the metrics of this process for <c>/metrics</c>; null where that is not served.</summary>
    public Func<IMetricsPage>? CreateMetrics { get; init; }

    /// <summary>Writes one line that starts with the program's name.</summary>
    public void WriteError(string message) => Error.WriteLine($"faceanon: {OneLine.Clean(message)}");
}
