using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Tests.Kit;

/// <summary>Frame formats for tests.</summary>
public static class Formats
{
    public static FrameFormat Of(int width, int height, string pixelFormat = "yuv420p") =>
        new(width, height, PixelFormat.FromName(pixelFormat), new YuvColor(YuvMatrix.Bt709, FullRange: false));
}
