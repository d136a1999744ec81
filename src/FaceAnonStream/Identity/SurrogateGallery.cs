using System.Numerics;

namespace FaceAnonStream.Identity;

/// <summary>A gallery whose latents end with a shape, and the shape model that goes with them.</summary>
public sealed class SurrogateGallery : LatentGallery
{
    /// <inheritdoc cref="LatentGallery(float[][], IReadOnlyList{Vector3}, int, float)"/>
    /// <param name="shape">The shape model.</param>
    /// <param name="points">Index of each landmark in the 468-point topology.</param>
    public SurrogateGallery(
        float[][] members,
        IReadOnlyList<Vector3>? tones,
        int membersPerDraw,
        float gamma,
        FaceShape shape,
        IReadOnlyList<int> points)
        : base(members, tones, membersPerDraw, gamma)
    {
        Shape = shape;
        Points = points;
    }

    public FaceShape Shape { get; }

    /// <summary>Index of each landmark in the 468-point topology.</summary>
    public IReadOnlyList<int> Points { get; }
}
