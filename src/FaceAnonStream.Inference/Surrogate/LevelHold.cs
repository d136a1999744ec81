namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// Rounds numbers to one of a few levels each. A level is left only for a value well nearer to another one, and a new level
/// is approached over some frames, so that light neither flickers nor jumps.
/// </summary>
/// <param name="levels">Of each number, ascending.</param>
/// <param name="hysteresis">How far beyond the middle between two levels, as a share of their distance, the other is taken.</param>
/// <param name="settleFrames">Each frame goes this part of the way that is left.</param>
internal sealed class LevelHold(float[][] levels, float hysteresis, float settleFrames)
{
    private int[]? _current;
    private float[] _settled = [];

    /// <summary>The numbers to use in the next frame.</summary>
    public float[] Next(float[] values)
    {
        if (_current is null)
        {
            _current = [.. values.Select((value, i) => Nearest(levels[i], value))];
            _settled = [.. _current.Select((level, i) => levels[i][level])];
            return [.. _settled];
        }

        for (var i = 0; i < values.Length; i++)
        {
            _current[i] = Hold(levels[i], _current[i], values[i]);
            _settled[i] += (levels[i][_current[i]] - _settled[i]) / settleFrames;
        }

        return [.. _settled];
    }

    private int Hold(float[] steps, int current, float value)
    {
        var nearest = Nearest(steps, value);
        if (nearest == current)
        {
            return current;
        }

        var gap = MathF.Abs(steps[current + Math.Sign(nearest - current)] - steps[current]);
        return MathF.Abs(value - steps[current]) > (0.5f + hysteresis) * gap ? nearest : current;
    }

    private static int Nearest(float[] steps, float value)
    {
        var nearest = 0;
        for (var i = 1; i < steps.Length; i++)
        {
            nearest = MathF.Abs(steps[i] - value) < MathF.Abs(steps[nearest] - value) ? i : nearest;
        }

        return nearest;
    }
}
