namespace FaceAnonStream.Kernels;

/// <summary>A turned square of a picture that is sampled as a crop of S × S pixels, or drawn back from one. Pixel i of a
/// crop has its centre at (i + 0.5) / S of the side. It may leave the picture.</summary>
/// <param name="CenterX">In luma pixels; pixel i covers [i, i + 1).</param>
/// <param name="CenterY">In luma pixels.</param>
/// <param name="Side">In luma pixels, above 0.</param>
/// <param name="Angle">How far it is turned clockwise, in radians.</param>
public readonly record struct CropSquare(float CenterX, float CenterY, float Side, float Angle)
{
    /// <summary>No coordinate or side is larger: eight times the longest side of a picture.</summary>
    public const float Limit = 1 << 17;

    /// <exception cref="ArgumentException">A member is not finite or beyond <see cref="Limit"/>, or the side is not above 0.</exception>
    internal void ThrowIfInvalid()
    {
        // Written so that NaN fails too.
        var valid = Math.Abs(CenterX) <= Limit && Math.Abs(CenterY) <= Limit && Side > 0 && Side <= Limit && float.IsFinite(Angle);
        if (!valid)
        {
            throw new ArgumentException($"a square needs a finite place and a side above 0, at most {Limit}; got {this}");
        }
    }

    /// <summary>From pixel indices of the crop to sample indices of a plane.</summary>
    internal AffineMap ToPlane(int size, int shiftX, int shiftY)
    {
        var (sin, cos) = Math.SinCos(Angle);
        var step = Side / (double)size;
        var half = (size - 1) / 2.0;
        var (blockX, blockY) = ((double)(1 << shiftX), (double)(1 << shiftY));
        return new AffineMap(
            step * cos / blockX,
            -step * sin / blockX,
            ((CenterX - (step * half * (cos - sin))) / blockX) - 0.5,
            step * sin / blockY,
            step * cos / blockY,
            ((CenterY - (step * half * (sin + cos))) / blockY) - 0.5);
    }
}
