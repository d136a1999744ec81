using FaceAnonStream.Frames;

namespace FaceAnonStream.Tracking;

/// <summary>When a frame is, on a clock that only runs forwards.</summary>
/// <param name="Time">Since the first frame; strictly increasing, so it also names the frame.</param>
/// <param name="Watched">The part of <paramref name="Time"/> in which the detector could see; never decreasing.</param>
public readonly record struct FrameTime(TimeSpan Time, TimeSpan Watched);

/// <summary>
/// Turns timestamps, which may be irregular, equal or run backwards, into times that tracking can divide by and count with.
/// </summary>
public sealed class FrameClock
{
    /// <summary>Time passed between frames whose timestamps say that none or less than none has.</summary>
    public static readonly TimeSpan MinStep = TimeSpan.FromMilliseconds(1);

    /// <summary>The most that one step can be: a longer one is a cut or a fault of the source's clock.</summary>
    public static readonly TimeSpan MaxStep = TimeSpan.FromSeconds(10);

    /// <summary>The most that one step can add to watched time: nobody looked between two frames far apart.</summary>
    public static readonly TimeSpan MaxWatchedStep = TimeSpan.FromSeconds(0.5);

    private FrameTime _now;
    private long? _pts;

    /// <summary>Advances to <paramref name="frame"/>.</summary>
    /// <param name="frame">The next frame of the stream.</param>
    /// <param name="watched">Whether the detector could look at it.</param>
    public FrameTime Next(VideoFrame frame, bool watched)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (_pts is { } previous)
        {
            // Int128: the difference of two hostile timestamps does not fit into 64 bits.
            var step = Clamp((double)((Int128)frame.Pts - previous) * frame.TimeBase.Value);
            var looked = watched ? TimeSpan.FromTicks(Math.Min(step.Ticks, MaxWatchedStep.Ticks)) : TimeSpan.Zero;
            _now = new FrameTime(_now.Time + step, _now.Watched + looked);
        }

        _pts = frame.Pts;
        return _now;
    }

    /// <summary>NaN, from a time base of 0/0, becomes the smallest step.</summary>
    private static TimeSpan Clamp(double seconds) =>
        seconds > MinStep.TotalSeconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, MaxStep.TotalSeconds))
            : MinStep;
}
