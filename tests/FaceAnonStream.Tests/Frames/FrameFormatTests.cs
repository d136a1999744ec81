using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Frames;

public sealed class FrameFormatTests
{
    [Theory]
    [InlineData("yuv420p", 427, 240, 613_547)]
    [InlineData("yuv422p", 427, 479, 817_653)]
    [InlineData("yuv444p", 853, 479, 1_225_761)]
    [InlineData("yuv420p10le", 427, 240, 1_227_094)]
    [InlineData("yuv422p10le", 427, 479, 1_635_306)]
    [InlineData("yuv444p10le", 853, 479, 2_451_522)]
    public void Planes_OddSize_RoundChromaUp(string pixelFormat, int chromaWidth, int chromaHeight, int size)
    {
        var format = Formats.Of(853, 479, pixelFormat);
        var bytes = format.PixelFormat.BytesPerSample;
        (format.PlaneWidth(0), format.PlaneHeight(0)).ShouldBe((853, 479));
        (format.PlaneWidth(1), format.PlaneHeight(1)).ShouldBe((chromaWidth, chromaHeight));
        (format.PlaneWidth(2), format.PlaneHeight(2)).ShouldBe((chromaWidth, chromaHeight));
        format.PlaneOffset(0).ShouldBe(0);
        format.PlaneOffset(1).ShouldBe(853 * 479 * bytes);
        format.PlaneOffset(2).ShouldBe(((853 * 479) + (chromaWidth * chromaHeight)) * bytes);
        format.SizeBytes.ShouldBe(size);
    }

    [Fact]
    public void Planes_OnePixel_HaveOneSampleEach()
    {
        var format = Formats.Of(1, 1);
        (format.PlaneWidth(1), format.PlaneHeight(1), format.SizeBytes).ShouldBe((1, 1, 3));
    }

    [Fact]
    public void Size_LargestFrame_FitsAnArray() =>
        Formats.Of(FrameFormat.MaxSide, FrameFormat.MaxSide, "yuv444p10le").SizeBytes.ShouldBe(1_610_612_736);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-2, 2)]
    [InlineData(FrameFormat.MaxSide + 1, 1)]
    [InlineData(1, FrameFormat.MaxSide + 1)]
    public void Construct_SideOutOfRange_Throws(int width, int height) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Formats.Of(width, height));

    [Fact]
    public void FromName_UnknownLayout_NamesIt() =>
        Should.Throw<ArgumentException>(() => PixelFormat.FromName("nv12")).Message.ShouldContain("'nv12'");
}
