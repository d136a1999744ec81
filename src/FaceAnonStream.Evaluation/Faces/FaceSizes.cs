using FaceAnonStream.Detection;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>
/// Faces by the longer side of their box in the original: under 24 px nobody is recognised, under 50 px few are, from 50 px
/// on most.
/// </summary>
public enum FaceSize
{
    /// <summary>Under 24 px.</summary>
    Small,

    /// <summary>24 px to under 50 px.</summary>
    Medium,

    /// <summary>From 50 px on.</summary>
    Large,
}

/// <summary>How sizes are told and spelt.</summary>
public static class FaceSizes
{
    private const float MediumPx = 24;
    private const float LargePx = 50;

    /// <summary>The longer side of a face's box, in luma pixels.</summary>
    public static float SidePx(this FaceDetection face) => MathF.Max(face.Box.Width, face.Box.Height);

    public static FaceSize Of(float sidePx) => sidePx < MediumPx ? FaceSize.Small : sidePx < LargePx ? FaceSize.Medium : FaceSize.Large;

    /// <summary>E.g. <c>24-50 px</c>.</summary>
    public static string Key(this FaceSize size) => size switch
    {
        FaceSize.Small => "<24 px",
        FaceSize.Medium => "24-50 px",
        _ => ">=50 px",
    };
}
