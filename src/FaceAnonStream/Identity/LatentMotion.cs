namespace FaceAnonStream.Identity;

/// <summary>
/// Carries one track's latent from frame to frame: a new identity is faded to, and never jumped to. The first is there at
/// once. Depends on the times of frames only.
/// </summary>
/// <param name="crossFade">Time from one identity to the next; zero jumps.</param>
public sealed class LatentMotion(TimeSpan crossFade)
{
    private IdentityLatent? _target;
    private IdentityLatent? _start;
    private TimeSpan _startTime;

    /// <summary>
    /// The latent of a frame: between the one that was there when the target changed and the target, by a smooth step
    /// (3x² - 2x³), which starts and ends without a jerk. A target that changes on the way is faded to from there.
    /// </summary>
    /// <param name="time">When the frame is; never before an earlier call's.</param>
    /// <param name="target">Who the track is to become.</param>
    public IdentityLatent At(TimeSpan time, IdentityLatent target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (_target is not null && !ReferenceEquals(target, _target))
        {
            _start = Between(time);
            _startTime = time;
        }

        _target = target;
        return Between(time);
    }

    private IdentityLatent Between(TimeSpan time)
    {
        var passed = crossFade > TimeSpan.Zero ? (float)((time - _startTime) / crossFade) : 1;
        if (_start is null || passed >= 1)
        {
            _start = null;
            return _target!;
        }

        var share = passed * passed * (3 - (2 * passed));
        var from = _start.Values.Span;
        var to = _target!.Values.Span;
        var values = new float[to.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = from[i] + (share * (to[i] - from[i]));
        }

        return new IdentityLatent(values);
    }
}
