namespace FaceAnonStream.Kernels;

/// <summary>An axis-aligned ellipse in a plane's own samples; sample i covers [i, i + 1). It may leave the plane.
/// </summary>
/// <param name="CenterX">Finite.</param>
/// <param name="CenterY">Finite.</param>
/// <param name="RadiusX">Finite, at least 0.</param>
/// <param name="RadiusY">Finite, at least 0.</param>
public readonly record struct Ellipse(float CenterX, float CenterY, float RadiusX, float RadiusY)
{
    /// <exception cref="ArgumentException">A member is not finite, or a radius is negative.</exception>
    internal void ThrowIfInvalid()
    {
        var finite = float.IsFinite(CenterX) && float.IsFinite(CenterY)
            && float.IsFinite(RadiusX) && float.IsFinite(RadiusY);
        if (!finite || RadiusX < 0 || RadiusY < 0)
        {
            throw new ArgumentException($"an ellipse needs finite members and radii of at least 0; got {this}");
        }
    }
}
