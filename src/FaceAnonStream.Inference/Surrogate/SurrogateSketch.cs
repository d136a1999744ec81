using System.Numerics;
using System.Numerics.Tensors;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>
/// Prepares one track's faces for a surrogate graph, so that little of the person gets there. Pose and expression are
/// measured and shown by the mean face: the person's own landmarks go no further, and the expression is what differs from
/// the track's own neutral. Contrast is rounded to a few levels. Medians run over the frames seen so far.
/// </summary>
internal sealed class SurrogateSketch(SurrogateRecipe recipe)
{
    private readonly ExpressionMeter _expressions = new(recipe);
    private readonly ContrastMeter _contrast = new(recipe);
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

    /// <summary>How strong the drawing's contrasts must be to fit in.</summary>
    /// <param name="crop">[3, S, S], RGB, 0 to 1: the original picture.</param>
    /// <param name="size">S.</param>
    /// <returns>The logarithm of a level.</returns>
    public float Observe(ReadOnlySpan<float> crop, int size) => _levels.Next(_seen.Add([_contrast.Measure(crop, size)])[0]);

    /// <summary>How strong each band of detail shall be.</summary>
    /// <param name="level">Of <see cref="Observe"/>.</param>
    /// <param name="size">Width and height of the drawing in pixels.</param>
    /// <param name="detail">Filled, from fine to coarse.</param>
    public void Detail(float level, int size, Span<float> detail)
    {
        var contrast = MathF.Exp(level);
        for (var band = 0; band < detail.Length; band++)
        {
            detail[band] = contrast * recipe.Detail[size][band];
        }
    }

    /// <summary>Leaves of a crop a few means: its light and its tone.</summary>
    /// <param name="crop">[3, S, S].</param>
    /// <param name="size">S.</param>
    public void Coarsen(Span<float> crop, int size)
    {
        for (var plane = 0; plane < crop.Length; plane += size * size)
        {
            var view = CoarseView.Of(crop.Slice(plane, size * size), size, recipe.ContextBlocks);
            for (var y = 0; y < size; y++)
            {
                view.Row(y, crop.Slice(plane + (y * size), size));
            }
        }
    }

    /// <summary>Thins a mask towards its rim, so that a face melts into the cover around it.</summary>
    /// <param name="mask">[S, S], 0 to 1.</param>
    /// <param name="size">S.</param>
    public void Fade(Span<float> mask, int size)
    {
        var view = CoarseView.Of(mask, size, recipe.FadeBlocks);
        var (gone, whole) = recipe.FadeRange;
        var (share, slope) = (new float[size], new float[size]);
        for (var y = 0; y < size; y++)
        {
            // A smooth step, s² (3 - 2s).
            view.Row(y, share);
            TensorPrimitives.Subtract(share, gone, share);
            TensorPrimitives.Divide(share, whole - gone, share);
            TensorPrimitives.Max(share, 0, share);
            TensorPrimitives.Min(share, 1, share);
            TensorPrimitives.Multiply(share, -2, slope);
            TensorPrimitives.Add(slope, 3, slope);
            TensorPrimitives.Multiply(slope, share, slope);
            TensorPrimitives.Multiply(slope, share, slope);
            var row = mask.Slice(y * size, size);
            TensorPrimitives.Multiply(row, slope, row);
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
