using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Alignment;

/// <summary>Samples upright crops of faces from frames. Not thread-safe: an instance owns its scratch memory.</summary>
/// <param name="format">Format of the frames.</param>
/// <param name="size">Width and height of the crops in pixels.</param>
public sealed class FaceCropper(FrameFormat format, int size)
{
    private readonly CropSampler _sampler = new(format.Planes, size);

    public FrameFormat Format => format;

    /// <summary>Full-range BT.601 luma, whatever the frame's own colour is.</summary>
    /// <param name="frame">Borrowed.</param>
    /// <param name="square">Where the face is.</param>
    /// <param name="crop">[S, S] values from 0 to 255.</param>
    /// <exception cref="ArgumentException">The frame, the square or the crop does not match.</exception>
    public void CropGrey(VideoFrame frame, FaceSquare square, Span<float> crop)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (format.PixelFormat.BytesPerSample == 1)
        {
            _sampler.SampleGrey<byte>(frame.Plane8(0), frame.Plane8(1), frame.Plane8(2), square.ToCrop(), crop);
        }
        else
        {
            _sampler.SampleGrey<ushort>(frame.Plane16(0), frame.Plane16(1), frame.Plane16(2), square.ToCrop(), crop);
        }
    }

    /// <summary>R'G'B'.</summary>
    /// <param name="frame">Borrowed.</param>
    /// <param name="square">Where the face is.</param>
    /// <param name="crop">[3, S, S] values from 0 to 1: red, green, blue.</param>
    /// <exception cref="ArgumentException">The frame, the square or the crop does not match.</exception>
    public void CropRgb(VideoFrame frame, FaceSquare square, Span<float> crop)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (format.PixelFormat.BytesPerSample == 1)
        {
            _sampler.SampleRgb<byte>(frame.Plane8(0), frame.Plane8(1), frame.Plane8(2), square.ToCrop(), crop);
        }
        else
        {
            _sampler.SampleRgb<ushort>(frame.Plane16(0), frame.Plane16(1), frame.Plane16(2), square.ToCrop(), crop);
        }
    }
}
