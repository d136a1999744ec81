using System.Numerics;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// Prepares one track's faces for a surrogate graph, so that little of the person gets there. Pose and expression are
/// measured and shown by the mean face: the person's own landmarks go no further, and the expression is what differs from
/// the track's own neutral. Light and tone are rounded to a few levels. Medians run over the frames seen so far.
/// </summary>
internal sealed class SurrogateSketch(SurrogateRecipe recipe)
{
    private readonly ExpressionMeter _expressions = new(recipe);
    private readonly AppearanceMeter _appearances = new(recipe);
    private readonly RunningMedian _neutral = new(recipe.NeutralFrames);
    private readonly RunningMedian _seen = new(recipe.NeutralFrames);
    private readonly LevelHold _levels = new(recipe.Levels, recipe.Hysteresis, recipe.SettleFrames);

    /// <summary>The mean face as this frame's face is turned, and with its expression.</summary>
    /// <param name="points">The face's landmarks in luma pixels.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: the landmarks are no face.</exception>
    public Vector2[] Pose(ReadOnlySpan<Vector2> points)
    {
        // Near 0 half precision is enough.
        var center = Mean(points);
        var centered = points.ToArray();
        foreach (ref var point in centered.AsSpan())
        {
            point -= center;
        }

        var camera = FaceCamera.Fit(recipe.Camera, centered);
        var expression = _expressions.Measure(centered, camera);
        if (!camera.IsFinite || !Finite.All(expression))
        {
            throw new FaultException(FaultOrigin.Model, "the landmarks are no face");
        }

        return Show(recipe, camera with { Offset = camera.Offset + center }, expression, _neutral.Add(expression));
    }

    /// <summary>The mean face before a camera, with what an expression adds to the track's neutral.</summary>
    internal static Vector2[] Show(SurrogateRecipe recipe, FaceCamera camera, float[] expression, float[] neutral)
    {
        var face = recipe.MeanShape.AsSpan().ToArray();
        for (var i = 0; i < expression.Length; i++)
        {
            var change = recipe.ExpressionStrength * (expression[i] - neutral[i]);
            for (var j = 0; j < face.Length; j++)
            {
                face[j] += change * recipe.ExpressionShapes[i][j];
            }
        }

        return Array.ConvertAll(face, point => camera.Show(point, recipe.FaceScale));
    }

    /// <summary>How the drawing must look to fit in: levels of contrast, luma, red, blue and light.</summary>
    /// <param name="crop">[3, S, S], RGB, 0 to 1: the original picture.</param>
    /// <param name="size">S.</param>
    public float[] Observe(ReadOnlySpan<float> crop, int size) => _levels.Next(_seen.Add(_appearances.Measure(crop, size)));

    /// <summary>How strong each band of detail shall be.</summary>
    /// <param name="appearance">Of <see cref="Observe"/>.</param>
    /// <param name="size">Width and height of the drawing in pixels.</param>
    /// <param name="detail">Filled, from fine to coarse.</param>
    public void Detail(float[] appearance, int size, Span<float> detail)
    {
        var contrast = MathF.Exp(appearance[0]);
        for (var band = 0; band < detail.Length; band++)
        {
            detail[band] = contrast * recipe.Detail[size][band];
        }
    }

    /// <summary>Paints a crop that holds nothing of the picture but a tone that is brighter to one side.</summary>
    /// <param name="appearance">Of <see cref="Observe"/>.</param>
    /// <param name="size">S.</param>
    /// <param name="crop">[3, S, S], RGB, 0 to 1.</param>
    public void Paint(float[] appearance, int size, Span<float> crop)
    {
        var (luma, red, blue) = (MathF.Exp(appearance[1]), appearance[2], appearance[3]);
        float[] tone = [luma * (1 + (1.402f * red)), luma * (1 - (0.714136f * red) - (0.344136f * blue)), luma * (1 + (1.772f * blue))];
        for (var x = 0; x < size; x++)
        {
            var light = MathF.Exp(appearance[4] * (((x + 0.5f) / size) - 0.5f) / recipe.LightSpan);
            for (var row = 0; row < 3 * size; row++)
            {
                crop[(row * size) + x] = Math.Clamp(tone[row / size] * light, 0, 1);
            }
        }
    }

    private static Vector2 Mean(ReadOnlySpan<Vector2> points)
    {
        var sum = Vector2.Zero;
        foreach (var point in points)
        {
            sum += point;
        }

        return sum / points.Length;
    }
}
