using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Kernels;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Redaction;

/// <summary>Blends a synthetic face into the frame. Not thread-safe.</summary>
/// <param name="format">Format of the frames.</param>
/// <param name="veil">Covers the whole head before the face is drawn on it; null leaves the head as it is around the face.</param>
public sealed class SyntheticCover(FrameFormat format, IFaceCover? veil) : IFaceCover
{
    private readonly FaceBlend _blend = new(format.Planes);

    public OutcomeKind Kind => OutcomeKind.Synthetic;

    public void Cover(VideoFrame frame, in TrackedFace face, FaceDrawing? drawing)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(drawing);
        if (drawing.Fallback is { } fallback)
        {
            throw new InvalidOperationException($"there is no synthetic face: {fallback}");
        }

        veil?.Cover(frame, face, null);
        var square = drawing.Square.ToCrop();
        if (format.PixelFormat.BytesPerSample == 1)
        {
            _blend.Draw(frame.Plane8(0), frame.Plane8(1), frame.Plane8(2), square, drawing.Size, drawing.Face.Span, drawing.Mask.Span);
        }
        else
        {
            _blend.Draw(frame.Plane16(0), frame.Plane16(1), frame.Plane16(2), square, drawing.Size, drawing.Face.Span, drawing.Mask.Span);
        }
    }
}
