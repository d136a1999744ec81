using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Generation;

namespace FaceAnonStream.Inference.Generation;

/// <summary>Makes a drawing of a graph's picture, with our own mask around the landmarks.</summary>
internal static class PictureDrawing
{
    /// <param name="tensor">The picture.</param>
    /// <param name="output">What the graph gave; changed.</param>
    /// <param name="square">The crop.</param>
    /// <param name="points">Landmarks in luma pixels.</param>
    /// <param name="size">Width and height of the crop in pixels.</param>
    /// <param name="crops">Memory of the drawing.</param>
    public static FaceDrawing Of(
        FaceTensor tensor, CropMemory output, FaceSquare square, ReadOnlySpan<Vector2> points, int size, CropPool crops)
    {
        var picture = tensor.Of(output.Values);
        PictureCode.Of(tensor.Tensor).Decode(picture);
        var drawing = crops.Rent(4 * size * size);
        var (face, mask) = (drawing.Values[..picture.Length], drawing.Values[picture.Length..]);
        picture.CopyTo(face.Span);
        HullMask.Draw(InCrop(square, points), size, mask.Span);
        return FaceDrawing.Of(square, size, face, mask, drawing);
    }

    /// <summary>Landmarks in sides of the crop.</summary>
    public static Vector2[] InCrop(FaceSquare square, ReadOnlySpan<Vector2> points)
    {
        var inCrop = new Vector2[points.Length];
        for (var i = 0; i < inCrop.Length; i++)
        {
            inCrop[i] = square.FromPicture(points[i]);
        }

        return inCrop;
    }
}
