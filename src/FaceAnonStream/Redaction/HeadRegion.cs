using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Redaction;

/// <summary>The part of the picture that shows a head, estimated from the box of its face.</summary>
public static class HeadRegion
{
    // A detector's box runs from the brows or the hairline to the chin and from cheek to cheek. The ellipse holds the
    // box's corners with room to spare, and reaches further up (hair) than down. Looked at on frontal, profile and tilted heads.
    private const float WidthFactor = 1.7f;

    // A profile's box is narrow although the head behind it is deep.
    private const float LeastWidthPerHeight = 1.45f;
    private const float HeightFactor = 1.75f;
    private const float UpwardShift = 0.08f;

    /// <summary>Faces this small are given a margin: the box of a tiny face is less exact, relative to its size.</summary>
    private const float MinSidePx = 12;

    /// <summary>The ellipse that covers the head, in luma pixels.</summary>
    /// <param name="faceBox">Box of the face, in luma pixels.</param>
    /// <param name="scale">1 for the head as estimated.</param>
    public static Ellipse FromFaceBox(RectF faceBox, float scale)
    {
        var width = MathF.Max(faceBox.Width, MinSidePx);
        var height = MathF.Max(faceBox.Height, MinSidePx);
        return new Ellipse(
            faceBox.CenterX,
            faceBox.CenterY - (UpwardShift * height),
            MathF.Max(width * WidthFactor, height * LeastWidthPerHeight) / 2 * scale,
            height * HeightFactor / 2 * scale);
    }

    /// <summary>The same region in a plane that is subsampled by the given powers of two.</summary>
    public static Ellipse Subsample(this Ellipse luma, int shiftX, int shiftY) => new(
        luma.CenterX / (1 << shiftX), luma.CenterY / (1 << shiftY), luma.RadiusX / (1 << shiftX), luma.RadiusY / (1 << shiftY));
}
