using Microsoft.Extensions.Logging;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>What a host says of its streams. Every reason was scrubbed of secrets before.</summary>
internal static partial class StreamHostLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "stream {Stream}: starts, {Source} to {Output}")]
    public static partial void Starts(ILogger logger, string stream, string source, string output);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "stream {Stream}: stopped")]
    public static partial void Stopped(ILogger logger, string stream);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "stream {Stream}: failed ({Reason}); starts again in {DelayMs} ms ({Unsaid} more like this before)")]
    public static partial void Failed(ILogger logger, string stream, string reason, long delayMs, int unsaid);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "stream {Stream}: {Reason}, while it was put away")]
    public static partial void DisposalFailed(ILogger logger, string stream, string reason);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "stream {Stream}: does not end by itself, and is cancelled")]
    public static partial void Cancelled(ILogger logger, string stream);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "stream {Stream}: does not end at all, and is given up; it may hold on to its ends")]
    public static partial void GivenUp(ILogger logger, string stream);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "{Setting} was changed: streams keep the old value until the service is restarted")]
    public static partial void NeedsRestart(ILogger logger, string setting);

    [LoggerMessage(EventId = 8, Level = LogLevel.Warning, Message = "stream {Stream}: {Reason}; it is cancelled, to be started anew")]
    public static partial void Stuck(ILogger logger, string stream, string reason);

    [LoggerMessage(EventId = 9, Level = LogLevel.Warning, Message = "stream {Stream}: look-ahead {LookAheadMs} ms instead of {WantedMs} ms: the frames need more than media.frameMemoryMb")]
    public static partial void LookAheadShortened(ILogger logger, string stream, int lookAheadMs, int wantedMs);
}
