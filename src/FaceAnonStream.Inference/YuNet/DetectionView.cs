using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>A part of the frame, or all of it, as the network sees it: scaled to a content size at the tensor's top-left.</summary>
/// <param name="Region">What of the frame, in luma pixels.</param>
/// <param name="ContentWidth">Width of the scaled region, in tensor pixels.</param>
/// <param name="ContentHeight">Height of the scaled region, in tensor pixels.</param>
internal sealed record DetectionView(PixelRect Region, int ContentWidth, int ContentHeight)
{
    /// <summary>A detection in tensor pixels, moved to the frame's luma pixels.</summary>
    public FaceDetection ToFrame(in FaceDetection face)
    {
        // Rounding the content to whole pixels makes the two scales differ by a little.
        var scale = new Vector2((float)Region.Width / ContentWidth, (float)Region.Height / ContentHeight);
        var origin = new Vector2(Region.X, Region.Y);
        var points = face.Points;
        for (var k = 0; k < FivePoints.Count; k++)
        {
            points[k] = origin + (points[k] * scale);
        }

        var corner = origin + (new Vector2(face.Box.X, face.Box.Y) * scale);
        var box = new RectF(corner.X, corner.Y, face.Box.Width * scale.X, face.Box.Height * scale.Y);
        return new FaceDetection(box, face.Score, points);
    }

    /// <summary>Whether a border of this view, other than the frame's own, may have cut the face off.</summary>
    /// <param name="box">In the frame's luma pixels.</param>
    /// <param name="frame">The frame's format.</param>
    public bool MayCut(RectF box, FrameFormat frame)
    {
        // A network that sees part of a face ends the box near the border, not always on it.
        var x = box.Width * 0.1f;
        var y = box.Height * 0.1f;
        var right = Region.X + Region.Width;
        var bottom = Region.Y + Region.Height;
        return (Region.X > 0 && box.X < Region.X + x)
            || (Region.Y > 0 && box.Y < Region.Y + y)
            || (right < frame.Width && box.Right > right - x)
            || (bottom < frame.Height && box.Bottom > bottom - y);
    }
}
