using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Inference.YuNet;

/// <summary>Packs one view of a frame as YuNet wants it: B, G, R planes of 0 to 255. Not thread-safe.</summary>
internal sealed class PlanePacker
{
    private readonly bool _hasBytes;
    private readonly TensorPacker _packer;

    /// <param name="format">Format of the frames.</param>
    /// <param name="view">What of the frame, and how large.</param>
    /// <param name="tensorWidth">At least the content's width.</param>
    /// <param name="tensorHeight">At least the content's height.</param>
    public PlanePacker(FrameFormat format, DetectionView view, int tensorWidth, int tensorHeight)
    {
        var layout = new TensorLayout(tensorWidth, tensorHeight, view.ContentWidth, view.ContentHeight, ChannelOrder.Bgr);
        _packer = new TensorPacker(format.Planes, view.Region, layout);
        _hasBytes = format.PixelFormat.BytesPerSample == 1;
    }

    /// <summary>Writes every value of <paramref name="chw"/>, which holds 3 x height x width.</summary>
    public void Pack(VideoFrame frame, Span<float> chw)
    {
        if (_hasBytes)
        {
            _packer.Pack<byte>(frame.Plane8(0), frame.Plane8(1), frame.Plane8(2), chw);
        }
        else
        {
            _packer.Pack<ushort>(frame.Plane16(0), frame.Plane16(1), frame.Plane16(2), chw);
        }
    }
}
