using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Jobs;

/// <summary>How many frames a job may keep in memory.</summary>
/// <param name="PoolFrames">Frames alive at once, in the whole pipeline.</param>
/// <param name="WindowFrames">Of these, frames that the look-ahead may hold.</param>
public sealed record FrameBudget(int PoolFrames, int WindowFrames)
{
    /// <summary>Frames that links and stages other than the look-ahead keep busy.</summary>
    private const int FlowFrames = 8;

    /// <summary>How far the look-ahead reaches, in milliseconds, at a frame rate.</summary>
    public int LookAheadMs(Rational frameRate, TrackOptions track)
    {
        ArgumentNullException.ThrowIfNull(track);
        return (int)Math.Min(track.LookAheadMs, (WindowFrames - 1) * 1000.0 / frameRate.Value);
    }

    /// <summary>Fits the look-ahead into the memory that is allowed.</summary>
    /// <param name="format">Format of every frame.</param>
    /// <param name="frameRate">Nominal frames per second.</param>
    /// <param name="memoryBytes">Memory for frames; exceeded only where fewer than the least number of frames fit.</param>
    /// <param name="detect">Tells how many frames a detector's batch holds.</param>
    /// <param name="track">Tells the look-ahead.</param>
    public static FrameBudget For(FrameFormat format, Rational frameRate, long memoryBytes, DetectOptions detect, TrackOptions track)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(detect);
        ArgumentNullException.ThrowIfNull(track);

        // A batch fills while the one before it is being looked at.
        var flow = FlowFrames + (2 * detect.BatchSize);
        var least = detect.BatchSize + 3;

        // Half as many again as the nominal rate asks for: the rate varies within a file.
        var wanted = (long)Math.Ceiling(track.LookAheadMs / 1000.0 * Math.Min(frameRate.Value, 1000) * 1.5) + 1 + flow;
        var affordable = memoryBytes / format.SizeBytes;
        var pool = (int)Math.Clamp(affordable, least, Math.Max(least, wanted));

        // Stages make progress as long as a whole batch fits beside the window. Where memory is short the window gives
        // way first, down to half of what is left.
        return new FrameBudget(pool, Math.Max(Math.Max(1, (pool - detect.BatchSize) / 2), pool - flow));
    }
}
