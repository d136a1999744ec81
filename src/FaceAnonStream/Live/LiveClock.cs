using FaceAnonStream.Frames;

namespace FaceAnonStream.Live;

/// <summary>
/// The time line of a live stream's output. It begins at 0, only runs forwards and goes with the wall clock, whatever the
/// source's own times do: they may jump, wrap, stand still, drift, and begin anew with every connection.
/// <para>Between frames the source's steps are kept, so that the cadence is the camera's and the jitter of the network is not
/// copied. What separates the two clocks is corrected by a thousandth of each step at most. Frames that a connection begins
/// with come in a burst: the output may then be up to <see cref="Leeway"/> ahead of the wall clock, until that is
/// corrected.</para>
/// One caller at a time.
/// </summary>
public sealed class LiveClock
{
    /// <summary>Ticks of the output per second; MPEG's.</summary>
    public const int TicksPerSecond = 90_000;

    /// <summary>Frames are this far apart at least: one tick of containers that count milliseconds.</summary>
    public const int MinStep = TicksPerSecond / 1000;

    /// <summary>A source whose times say something else than the time of arrival, by more than this, has changed its clock.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(1);

    private const double LeewayTicks = TicksPerSecond;

    /// <summary>Largest part of a step by which it is made longer or shorter.</summary>
    private const double MaxSlew = 0.001;

    private readonly TimeProvider _time;
    private long? _start;
    private long _last = -MinStep;
    private (long Ticks, Rational TimeBase)? _source;
    private double _position;
    private double _usualStep = TicksPerSecond / 25.0;

    /// <param name="time">Whose timestamps frames arrive with.</param>
    public LiveClock(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    public static Rational TimeBase { get; } = new(1, TicksPerSecond);

    /// <summary>When a frame of the source is, on the output's time line.</summary>
    /// <param name="ticks">Its time by the source's clock; any number.</param>
    /// <param name="timeBase">Seconds per tick of the source's clock, positive.</param>
    /// <param name="arrivedAt">When it was read.</param>
    /// <returns>Ticks of <see cref="TimeBase"/>, more than ever before.</returns>
    public long Next(long ticks, Rational timeBase, long arrivedAt)
    {
        var wall = Wall(arrivedAt);
        if (_source is not { } source || source.TimeBase != timeBase)
        {
            return Anchor(ticks, timeBase, wall);
        }

        // Int128: the difference of two hostile timestamps does not fit into 64 bits.
        var step = (double)((Int128)ticks - source.Ticks) * timeBase.Value * TicksPerSecond;
        var lateness = wall - (_position + step);
        if (Math.Abs(lateness) > LeewayTicks)
        {
            // The next frame of the same cadence, if the wall clock agrees.
            var expected = _last + _usualStep;
            return Anchor(ticks, timeBase, Math.Abs(wall - expected) <= LeewayTicks ? expected : wall);
        }

        if (step <= 0)
        {
            // A stamp that is given twice or out of order says nothing.
            return Emit(wall);
        }

        _usualStep = step;
        _position += step + Math.Clamp(lateness * MaxSlew, -step * MaxSlew, step * MaxSlew);
        _source = (ticks, timeBase);
        return Emit(_position);
    }

    /// <summary>When a picture is that no source gave; the source's clock counts as changed after it.</summary>
    /// <param name="now">The present.</param>
    /// <returns>Ticks of <see cref="TimeBase"/>, more than ever before.</returns>
    public long NextSlate(long now)
    {
        _source = null;
        return Emit(Wall(now));
    }

    /// <summary>The source was lost: its times begin anew.</summary>
    public void Interrupt() => _source = null;

    private double Wall(long at)
    {
        _start ??= at;
        return _time.GetElapsedTime(_start.Value, at).TotalSeconds * TicksPerSecond;
    }

    private long Anchor(long ticks, Rational timeBase, double position)
    {
        _source = (ticks, timeBase);
        var at = Emit(position);

        // Not what was emitted: a time line that is ahead must not be pushed further by every jump.
        _position = position;
        return at;
    }

    private long Emit(double position) => _last = Math.Max(_last + MinStep, (long)Math.Round(position));
}
