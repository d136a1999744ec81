using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FsCheck;
using FsCheck.Fluent;

namespace FaceAnonStream.Tests.Inference.YuNet;

/// <summary>Made-up detections.</summary>
internal static class Faces
{
    /// <summary>Lists of up to 40 boxes on a small board, so that many overlap; scores have ties.</summary>
    public static Arbitrary<FaceDetection[]> Lists { get; } = (
        from count in Gen.Choose(0, 40)
        from faces in (
            from x in Gen.Choose(-20, 200)
            from y in Gen.Choose(-20, 200)
            from width in Gen.Choose(1, 80)
            from height in Gen.Choose(1, 80)
            from score in Gen.Choose(1, 20)
            select At(x, y, width, height, score / 20f)).ArrayOf(count)
        select faces).ToArbitrary();

    public static FaceDetection At(float x, float y, float width, float height, float score) => new(new RectF(x, y, width, height), score);
}
