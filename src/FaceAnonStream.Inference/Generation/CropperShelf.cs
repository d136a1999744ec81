using System.Collections.Concurrent;
using FaceAnonStream.Alignment;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// Croppers of one size for callers of many streams: one is taken for a crop and put back, so that there are as many as
/// callers at a time. May be used from any thread.
/// </summary>
internal sealed class CropperShelf(int size)
{
    private readonly ConcurrentBag<FaceCropper> _idle = [];

    /// <inheritdoc cref="FaceCropper.CropRgb"/>
    public void CropRgb(VideoFrame frame, FaceSquare square, Span<float> crop)
    {
        // One for another stream's format is let go: streams of one service mostly have one format.
        if (!_idle.TryTake(out var cropper) || cropper.Format != frame.Format)
        {
            cropper = new FaceCropper(frame.Format, size);
        }

        try
        {
            cropper.CropRgb(frame, square, crop);
        }
        finally
        {
            _idle.Add(cropper);
        }
    }
}
