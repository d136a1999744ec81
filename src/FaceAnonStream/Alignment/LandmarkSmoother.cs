using System.Numerics;

namespace FaceAnonStream.Alignment;

/// <summary>
/// Smooths one track's landmarks. Where a face is (place, size, tilt) and its shape (pose and expression in face units)
/// are smoothed apart, by filters of their own widths: a moving face is followed closely without trembling in itself.
/// </summary>
internal sealed class LandmarkSmoother
{
    /// <summary>Reaches of the line by which a bridge is crossed: beyond its both ends, which are not nearer than this.</summary>
    private const double BridgeReach = 1.5;

    /// <summary>A face that moves further than this from one reading to the next, in face units (a third of its height), or
    /// grows by more than <see cref="MaxZoom"/>, has jumped: perhaps the scene was cut and the track goes on with another
    /// face. Nothing is smoothed across a jump.</summary>
    private const float MaxStep = 1;

    /// <summary>Natural logarithm of the size's ratio.</summary>
    private const float MaxZoom = 0.2f;

    private readonly int _pointCount;
    private readonly TimeSpan _motionReach;
    private readonly TimeSpan _shapeReach;
    private readonly TimeSpan _bridgeReach;
    private readonly OneEuroFilter _placeFilter = new(2);
    private readonly OneEuroFilter _shapeFilter;
    private LandmarkSample? _followed;

    /// <param name="options">Settings.</param>
    /// <param name="pointCount">Landmarks of a face.</param>
    public LandmarkSmoother(AlignOptions options, int pointCount)
    {
        _pointCount = pointCount;
        _motionReach = TimeSpan.FromMilliseconds(options.MotionSmoothingMs / LocalRegression.TricubeWidth);
        _shapeReach = TimeSpan.FromMilliseconds(options.SmoothingMs / LocalRegression.TricubeWidth);
        _bridgeReach = TimeSpan.FromMilliseconds(options.BridgeMs * BridgeReach);
        _shapeFilter = new OneEuroFilter(2 + (2 * pointCount));
    }

    /// <summary>Readings nearer than this have a say.</summary>
    public TimeSpan Reach => TimeSpan.FromTicks(Math.Max(_bridgeReach.Ticks, Math.Max(_motionReach.Ticks, _shapeReach.Ticks)));

    /// <summary>The landmarks of a frame by the readings before and after it.</summary>
    /// <param name="run">The run of samples that the frame is in.</param>
    /// <param name="index">The frame's own.</param>
    /// <returns>In luma pixels.</returns>
    public Vector2[] Smooth(ReadOnlySpan<LandmarkSample> run, int index)
    {
        var sample = run[index];
        run = WithoutJumps(run, index);
        var shares = new double[run.Length];
        Weigh(run, sample.At, sample.IsGood ? _motionReach : _bridgeReach, shares);
        var placement = Mean(run, shares);
        if (!sample.IsGood)
        {
            // The box knows more about where a face that was not read is than the readings around it.
            placement = placement with { Center = sample.BoxCenter + MeanOffset(run, shares) };
        }

        Weigh(run, sample.At, sample.IsGood ? _shapeReach : _bridgeReach, shares);
        return placement.ToPicture(MeanShape(run, shares));
    }

    /// <summary>The landmarks of a frame by the readings before it. To be asked in order.</summary>
    /// <param name="sample">A good reading.</param>
    /// <param name="continues">Whether it belongs to the run of the one before.</param>
    /// <returns>In luma pixels.</returns>
    public Vector2[] Follow(LandmarkSample sample, bool continues)
    {
        var previous = continues ? _followed : null;
        if (previous is null || IsJump(previous, sample))
        {
            _placeFilter.Reset();
            _shapeFilter.Reset();
        }

        var placement = sample.Placement;
        Span<double> place = [placement.Center.X, placement.Center.Y];
        var shape = new double[2 + (2 * sample.Shape.Length)];
        (shape[0], shape[1]) = (placement.LogScale, placement.Roll);
        for (var i = 0; i < sample.Shape.Length; i++)
        {
            (shape[2 + (2 * i)], shape[3 + (2 * i)]) = (sample.Shape[i].X, sample.Shape[i].Y);
        }

        var seconds = (sample.At - (previous?.At ?? TimeSpan.Zero)).TotalSeconds;
        _followed = sample;
        _placeFilter.Filter(place, seconds, placement.Scale);
        _shapeFilter.Filter(shape, seconds, unit: 1);
        var smooth = new Vector2[sample.Shape.Length];
        for (var i = 0; i < smooth.Length; i++)
        {
            smooth[i] = new Vector2((float)shape[2 + (2 * i)], (float)shape[3 + (2 * i)]);
        }

        return new FacePlacement(new Vector2((float)place[0], (float)place[1]), (float)shape[0], (float)shape[1]).ToPicture(smooth);
    }

    private static FacePlacement Mean(ReadOnlySpan<LandmarkSample> run, double[] shares)
    {
        var (x, y, scale, roll) = (0.0, 0.0, 0.0, 0.0);
        for (var k = 0; k < run.Length; k++)
        {
            x += shares[k] * run[k].Placement.Center.X;
            y += shares[k] * run[k].Placement.Center.Y;
            scale += shares[k] * run[k].Placement.LogScale;
            roll += shares[k] * run[k].Placement.Roll;
        }

        return new FacePlacement(new Vector2((float)x, (float)y), (float)scale, (float)roll);
    }

    /// <summary>How far faces lie from the centres of their boxes.</summary>
    private static Vector2 MeanOffset(ReadOnlySpan<LandmarkSample> run, double[] shares)
    {
        var offset = Vector2.Zero;
        for (var k = 0; k < run.Length; k++)
        {
            offset += (float)shares[k] * (run[k].Placement.Center - run[k].BoxCenter);
        }

        return offset;
    }

    private Vector2[] MeanShape(ReadOnlySpan<LandmarkSample> run, double[] shares)
    {
        var mean = new Vector2[_pointCount];
        for (var k = 0; k < run.Length; k++)
        {
            for (var i = 0; i < run[k].Shape.Length && shares[k] != 0; i++)
            {
                mean[i] += (float)shares[k] * run[k].Shape[i];
            }
        }

        return mean;
    }

    /// <summary>The part of a run around a sample in which no good reading jumps.</summary>
    private static ReadOnlySpan<LandmarkSample> WithoutJumps(ReadOnlySpan<LandmarkSample> run, int index)
    {
        var (first, last) = (index, index);
        for (var (k, near) = (index - 1, run[index]); k >= 0 && !IsJump(run[k], near); k--)
        {
            (first, near) = (k, run[k].IsGood ? run[k] : near);
        }

        for (var (k, near) = (index + 1, run[index]); k < run.Length && !IsJump(near, run[k]); k++)
        {
            (last, near) = (k, run[k].IsGood ? run[k] : near);
        }

        return run[first..(last + 1)];
    }

    private static bool IsJump(LandmarkSample from, LandmarkSample to)
    {
        var (a, b) = (from.Placement, to.Placement);
        return from.IsGood && to.IsGood
            && (Vector2.Distance(a.Center, b.Center) > MaxStep * MathF.Min(a.Scale, b.Scale) || MathF.Abs(a.LogScale - b.LogScale) > MaxZoom);
    }

    private static void Weigh(ReadOnlySpan<LandmarkSample> run, TimeSpan at, TimeSpan reach, double[] shares)
    {
        var times = new double[run.Length];
        for (var k = 0; k < run.Length; k++)
        {
            // Without a reach only the frame's own reading counts.
            var distance = (run[k].At - at).Ticks;
            times[k] = !run[k].IsGood ? 1 : distance == 0 ? 0 : distance / Math.Max(reach.Ticks, 1.0);
        }

        LocalRegression.Weigh(times, shares);
    }
}
