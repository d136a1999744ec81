namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// Rounds a number to one of a few levels. A level is left only for a value well nearer to another one, and a new level is
/// approached over some frames, so that the picture neither flickers nor jumps.
/// </summary>
/// <param name="levels">Ascending.</param>
/// <param name="hysteresis">How far beyond the middle between two levels, as a share of their distance, the other is taken.</param>
/// <param name="settleFrames">Each frame goes this part of the way that is left.</param>
internal sealed class LevelHold(float[] levels, float hysteresis, float settleFrames)
{
    private int? _current;
    private float _settled;

    /// <summary>The number to use in the next frame.</summary>
    public float Next(float value)
    {
        var nearest = Nearest(value);
        if (_current is not { } current)
        {
            _current = nearest;
            return _settled = levels[nearest];
        }

        if (nearest != current)
        {
            var gap = MathF.Abs(levels[current + Math.Sign(nearest - current)] - levels[current]);
            current = MathF.Abs(value - levels[current]) > (0.5f + hysteresis) * gap ? nearest : current;
            _current = current;
        }

        return _settled += (levels[current] - _settled) / settleFrames;
    }

    private int Nearest(float value)
    {
        var nearest = 0;
        for (var i = 1; i < levels.Length; i++)
        {
            nearest = MathF.Abs(levels[i] - value) < MathF.Abs(levels[nearest] - value) ? i : nearest;
        }

        return nearest;
    }
}
