using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FaceAnonStream.Service;

/// <summary>What the service says of itself, and where to.</summary>
public static partial class ServiceLog
{
    /// <summary>One line per message on stderr, with the time in UTC.</summary>
    public static void ToStandardError(ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "listening at {Address}")]
    internal static partial void Listening(ILogger logger, string address);

    [LoggerMessage(EventId = 102, Level = LogLevel.Information, Message = "models are loaded")]
    internal static partial void ModelsLoaded(ILogger logger);

    [LoggerMessage(EventId = 103, Level = LogLevel.Error, Message = "models cannot be loaded")]
    internal static partial void ModelsFailed(ILogger logger);

    [LoggerMessage(EventId = 104, Level = LogLevel.Error, Message = "the configuration was not applied: {Problem}")]
    internal static partial void NotApplied(ILogger logger, string problem);

    [LoggerMessage(EventId = 105, Level = LogLevel.Information, Message = "configuration applied: {Added} streams added, {Changed} changed, {Removed} removed, {Unchanged} left alone")]
    internal static partial void Applied(ILogger logger, int added, int changed, int removed, int unchanged);

    [LoggerMessage(EventId = 106, Level = LogLevel.Warning, Message = "refused {Count} requests since the last line like this, the newest from {Caller}: {Reason}")]
    internal static partial void Refused(ILogger logger, int count, string caller, string reason);

    [LoggerMessage(EventId = 107, Level = LogLevel.Critical, Message = "{Reason}; every stream and the service end, to be started anew in a new process")]
    internal static partial void ModelsBroken(ILogger logger, string reason);
}
