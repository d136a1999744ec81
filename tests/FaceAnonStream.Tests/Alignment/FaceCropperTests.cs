using System.Numerics;
using System.Runtime.InteropServices;
using FaceAnonStream.Alignment;
using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Alignment;

public sealed class FaceCropperTests
{
    private const int Size = 24;
    private static readonly FaceSquare Square = new(new Vector2(30, 22), 26, 0.5f);

    [Theory]
    [InlineData("yuv420p")]
    [InlineData("yuv422p")]
    [InlineData("yuv444p")]
    public async Task Crop_TenBits_ShowsWhatEightBitsShow(string layout)
    {
        using var eight = new FramePool(Formats.Of(64, 48, layout), 1);
        using var ten = new FramePool(Formats.Of(64, 48, layout + "10le"), 1);
        using var bytes = await eight.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        using var words = await ten.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        new Random(3).NextBytes(bytes.Memory.Span);
        var samples = MemoryMarshal.Cast<byte, ushort>(words.Memory.Span);
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (ushort)(4 * bytes.Memory.Span[i]);
        }

        ShouldBeClose(Grey(bytes), Grey(words), 0.01f);
        ShouldBeClose(Rgb(bytes), Rgb(words), 0.0001f);
    }

    private static float[] Grey(VideoFrame frame)
    {
        var crop = new float[Size * Size];
        new FaceCropper(frame.Format, Size).CropGrey(frame, Square, crop);
        return crop;
    }

    private static float[] Rgb(VideoFrame frame)
    {
        var crop = new float[3 * Size * Size];
        new FaceCropper(frame.Format, Size).CropRgb(frame, Square, crop);
        return crop;
    }

    private static void ShouldBeClose(float[] a, float[] b, float tolerance)
    {
        a.Max().ShouldBeGreaterThan(100 * tolerance);
        a.Zip(b, (x, y) => MathF.Abs(x - y)).Max().ShouldBeLessThan(tolerance);
    }
}
