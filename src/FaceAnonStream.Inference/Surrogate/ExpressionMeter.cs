using System.Numerics;

namespace FaceAnonStream.Inference.Surrogate;

/// <summary>Measures expressions from landmarks: differences along an axis of the face, as far as the camera sees it.</summary>
internal sealed class ExpressionMeter(SurrogateRecipe recipe)
{
    /// <summary>[E] in deviations from the mean; 0 where the camera looks along a measure's axis.</summary>
    public float[] Measure(ReadOnlySpan<Vector2> points, in FaceCamera camera)
    {
        var expression = new float[recipe.Axis.Length];
        var squaredScale = camera.Scale * camera.Scale;
        for (var i = 0; i < expression.Length; i++)
        {
            var axis = recipe.Axis[i];
            var direction = new Vector2(camera.X[axis], camera.Y[axis]);
            var across = new Vector2(Vector3.Dot(recipe.Across[i], camera.X), Vector3.Dot(recipe.Across[i], camera.Y));
            var difference = FaceCamera.WeightedSum(recipe.Measures[i], points) - across;
            var length = direction.LengthSquared();
            var value = Vector2.Dot(difference, direction) / (length + (1e-3f * squaredScale));
            var sure = Math.Clamp(((length / squaredScale) - 0.08f) / 0.25f, 0, 1);
            expression[i] = Math.Clamp(
                (value - recipe.ExpressionMean[i]) / recipe.ExpressionDeviation[i] * sure, recipe.ExpressionRange.Low, recipe.ExpressionRange.High);
        }

        return expression;
    }
}
