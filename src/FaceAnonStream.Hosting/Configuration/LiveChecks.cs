using FaceAnonStream.Media;

namespace FaceAnonStream.Hosting.Configuration;

/// <summary>Settings of a live stream that must fit each other.</summary>
public static class LiveChecks
{
    // What the stages need beside the look-aheads, which may be exceeded by a quarter where frames come unevenly.
    private const int WorkMs = 200;
    private const double LookAheadSpread = 1.25;

    /// <summary>Every misfit as <c>path: got; allowed</c>; empty when there is none. Pure.</summary>
    public static IReadOnlyList<string> Check(FaceAnonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        var least = (int)Math.Ceiling(LookAheadSpread * (options.Track.LookAheadMs + options.Align.LookAheadMs)) + WorkMs;
        if (options.Live.MaxLatencyMs < least)
        {
            errors.Add(
                $"live.maxLatencyMs: {options.Live.MaxLatencyMs}; allowed {least} or more, for track.lookAheadMs {options.Track.LookAheadMs} "
                + $"and align.lookAheadMs {options.Align.LookAheadMs}");
        }

        if (options.Live.RetryMinMs > options.Live.RetryMaxMs)
        {
            errors.Add($"live.retryMinMs: {options.Live.RetryMinMs}; allowed live.retryMaxMs ({options.Live.RetryMaxMs}) or less");
        }

        if (options.Media.Audio != AudioPolicy.Drop)
        {
            errors.Add("media.audio: copy; allowed drop: live streams carry no sound");
        }

        return errors;
    }
}
