using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Chaos;

public sealed class FrameStampTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(199)]
    [InlineData(4095)]
    public void Read_Written_IsTheNumber(int number)
    {
        var luma = new byte[640 * 360];
        FrameStamp.Write(luma, 640, number);
        FrameStamp.Read(luma, 640).ShouldBe(number);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(80)]
    [InlineData(235)]
    public void Read_PlainPicture_IsNoNumber(byte value)
    {
        var luma = new byte[640 * 360];
        luma.AsSpan().Fill(value);
        FrameStamp.Read(luma, 640).ShouldBeNull();
    }

    [Fact]
    public void Read_OneBlockTurned_IsNoNumber()
    {
        var luma = new byte[640 * 360];
        FrameStamp.Write(luma, 640, 1234);
        for (var y = 340; y < 360; y++)
        {
            for (var x = 32; x < 64; x++)
            {
                luma[(y * 640) + x] = (byte)(251 - luma[(y * 640) + x]);
            }
        }

        FrameStamp.Read(luma, 640).ShouldBeNull();
    }
}
