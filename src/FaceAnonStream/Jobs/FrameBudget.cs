using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Jobs;

/// <summary>How many frames a job may keep in memory.</summary>
/// <param name="PoolFrames">Frames alive at once, in the whole pipeline.</param>
/// <param name="WindowFrames">Of these, frames that tracking's look-ahead may hold.</param>
/// <param name="AlignFrames">Of these, frames that alignment's look-ahead may hold; 0 where no faces are aligned.</param>
public sealed record FrameBudget(int PoolFrames, int WindowFrames, int AlignFrames = 0)
{
    /// <summary>Frames that links and stages other than the look-aheads keep busy.</summary>
    private const int FlowFrames = 8;

    /// <summary>How many more the links and stages that draw synthetic faces keep busy.</summary>
    private const int DrawingFrames = 6;

    /// <summary>Streams that do not know their rate name one that is far too high, such as that of their clock.</summary>
    private const int MaxFrameRate = 1000;

    /// <summary>How far the look-aheads reach together, in milliseconds, at a frame rate.</summary>
    /// <param name="frameRate">Frames per second.</param>
    /// <param name="track">What tracking's should be.</param>
    /// <param name="align">What alignment's should be; null leaves it out.</param>
    public int LookAheadMs(Rational frameRate, TrackOptions track, AlignOptions? align = null)
    {
        ArgumentNullException.ThrowIfNull(track);
        var frameMs = 1000 / Math.Min(frameRate.Value, MaxFrameRate);
        var aligning = align is null ? 0 : Math.Min(align.LookAheadMs, Math.Max(0, AlignFrames - 1) * frameMs);
        return (int)(Math.Min(track.LookAheadMs, (WindowFrames - 1) * frameMs) + aligning);
    }

    /// <summary>Bytes of the largest frame of which the least number fit into the memory that is allowed.</summary>
    /// <inheritdoc cref="For"/>
    public static long LargestFrame(long memoryBytes, DetectOptions detect, AlignOptions? align = null)
    {
        ArgumentNullException.ThrowIfNull(detect);
        return memoryBytes / LeastFrames(detect, align);
    }

    /// <summary>Fits the look-aheads into the memory that is allowed.</summary>
    /// <param name="format">Format of every frame.</param>
    /// <param name="frameRate">Nominal frames per second.</param>
    /// <param name="memoryBytes">Memory for frames; exceeded only where fewer than the least number of frames fit.</param>
    /// <param name="detect">Tells how many frames a detector's batch holds.</param>
    /// <param name="track">Tells tracking's look-ahead.</param>
    /// <param name="align">Tells alignment's look-ahead; null where no faces are aligned.</param>
    public static FrameBudget For(
        FrameFormat format, Rational frameRate, long memoryBytes, DetectOptions detect, TrackOptions track, AlignOptions? align = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(detect);
        ArgumentNullException.ThrowIfNull(track);

        // A batch fills while the one before it is being looked at.
        var flow = FlowFrames + (2 * detect.BatchSize) + (align is null ? 0 : DrawingFrames);
        var least = LeastFrames(detect, align);
        var wantedWindow = WindowOf(track.LookAheadMs, frameRate);
        var wantedAlign = align is null ? 0 : WindowOf(align.LookAheadMs, frameRate);
        var wanted = wantedWindow + wantedAlign + flow;
        var affordable = memoryBytes / format.SizeBytes;
        var pool = (int)Math.Clamp(affordable, least, Math.Max(least, wanted));

        // Stages make progress as long as a whole batch fits beside the windows. Where memory is short the windows give
        // way first, down to half of what is left.
        var windows = Math.Max(Math.Max(least - detect.BatchSize - 2, (pool - detect.BatchSize) / 2), pool - flow);
        var aligned = align is null ? 0 : (int)Math.Clamp(windows * wantedAlign / (wantedWindow + wantedAlign), 1, windows - 1);
        return new FrameBudget(pool, windows - aligned, aligned);
    }

    private static int LeastFrames(DetectOptions detect, AlignOptions? align) => detect.BatchSize + (align is null ? 3 : 4);

    /// <summary>Frames that a look-ahead wants. Half as many again as the nominal rate asks for: the rate varies within a
    /// file.</summary>
    private static long WindowOf(int lookAheadMs, Rational frameRate) =>
        (long)Math.Ceiling(lookAheadMs / 1000.0 * Math.Min(frameRate.Value, MaxFrameRate) * 1.5) + 1;
}
