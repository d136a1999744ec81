using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;
using FaceAnonStream.Redaction;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Redaction;

public sealed class SolidColorTests
{
    [Theory]
    [InlineData("#000000", YuvMatrix.Bt709, false, "yuv420p", 16, 128, 128)]
    [InlineData("#ffffff", YuvMatrix.Bt709, false, "yuv420p", 235, 128, 128)]
    [InlineData("#808080", YuvMatrix.Bt709, false, "yuv420p", 126, 128, 128)]
    [InlineData("#FF0000", YuvMatrix.Bt709, false, "yuv420p", 63, 102, 240)]
    [InlineData("#00ff00", YuvMatrix.Bt601, false, "yuv420p", 145, 54, 34)]
    [InlineData("#0000ff", YuvMatrix.Bt2020, false, "yuv444p", 29, 240, 119)]
    [InlineData("#000000", YuvMatrix.Bt709, false, "yuv420p10le", 64, 512, 512)]
    [InlineData("#ffffff", YuvMatrix.Bt709, false, "yuv420p10le", 940, 512, 512)]
    [InlineData("#808080", YuvMatrix.Bt709, false, "yuv422p10le", 504, 512, 512)]
    [InlineData("#000000", YuvMatrix.Bt601, true, "yuv420p", 0, 128, 128)]
    [InlineData("#ffffff", YuvMatrix.Bt601, true, "yuv420p", 255, 128, 128)]
    [InlineData("#ff0000", YuvMatrix.Bt601, true, "yuv420p", 76, 85, 255)]
    [InlineData("#ffffff", YuvMatrix.Bt709, true, "yuv444p10le", 1023, 512, 512)]
    public void FromHex_KnownColour_GivesTheCodes(
        string hex, YuvMatrix matrix, bool fullRange, string pixelFormat, int luma, int cb, int cr)
    {
        var format = new FrameFormat(2, 2, PixelFormat.FromName(pixelFormat), new YuvColor(matrix, fullRange));
        var color = SolidColor.FromHex(hex, format);
        color.ShouldBe(new SolidColor(luma, cb, cr));
        (color[0], color[1], color[2]).ShouldBe((luma, cb, cr));
    }
}
