using System.Numerics;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Evaluation.Pictures;

public sealed class RgbCropTests
{
    private static readonly Similarity Same = new(1, 0, Vector2.Zero);

    /// <summary>Primary colours of BT.601 in limited range, as ITU-T H.273 gives them.</summary>
    [Theory]
    [InlineData(81, 90, 240, 255, 0, 0)]
    [InlineData(145, 54, 34, 0, 255, 0)]
    [InlineData(41, 240, 110, 0, 0, 255)]
    [InlineData(16, 128, 128, 0, 0, 0)]
    [InlineData(235, 128, 128, 255, 255, 255)]
    public async Task Of_PlainColour_IsThatColour(byte luma, byte blue, byte red, float r, float g, float b)
    {
        using var pool = Pool(8, 6, "yuv420p");
        using var frame = await FrameAsync(pool, (plane, _, _) => plane == 0 ? luma : plane == 1 ? blue : red);

        var crop = RgbCrop.Of(frame, Same, 4);

        foreach (var (channel, expected) in (ReadOnlySpan<(int, float)>)[(0, r), (1, g), (2, b)])
        {
            crop.Plane(channel).ToArray().ShouldAllBe(value => Math.Abs(value - expected) < 2);
        }
    }

    [Theory]
    [InlineData("yuv420p")]
    [InlineData("yuv422p10le")]
    [InlineData("yuv444p10le")]
    public async Task Of_Ramp_IsReadBetweenItsSamples(string pixelFormat)
    {
        using var pool = Pool(64, 64, pixelFormat);
        using var frame = await FrameAsync(pool, (plane, x, _) => plane == 0 ? 16 + (2 * x) : 128);

        // A crop pixel is half a frame pixel; the first lies on x = 10.
        var crop = RgbCrop.Of(frame, new Similarity(0.5f, 0, new Vector2(10, 10)), 8);

        for (var x = 0; x < 8; x++)
        {
            crop.Plane(0)[x].ShouldBe((20 + x) * 255f / 219, 0.01f);
        }
    }

    [Fact]
    public async Task Of_Shrinking_IsTheMeanOfWhatItCovers()
    {
        using var pool = Pool(64, 64, "yuv420p");
        using var frame = await FrameAsync(pool, (plane, x, y) => plane != 0 ? 128 : (x + y) % 2 == 0 ? 235 : 16);

        var crop = RgbCrop.Of(frame, new Similarity(4, 0, new Vector2(9.5f, 9.5f)), 8);

        crop.Plane(1).ToArray().ShouldAllBe(value => Math.Abs(value - 127.5f) < 1);
    }

    [Fact]
    public async Task Of_Outside_RepeatsTheBorder()
    {
        using var pool = Pool(8, 8, "yuv420p");
        using var frame = await FrameAsync(pool, (plane, x, _) => plane != 0 ? 128 : x == 0 ? 235 : 16);

        var crop = RgbCrop.Of(frame, new Similarity(1, 0, new Vector2(-100, 2)), 4);

        crop.Values.ShouldAllBe(value => Math.Abs(value - 255) < 0.01f);
    }

    /// <summary>A quarter turn: what lies right in the frame lies above in the crop.</summary>
    [Fact]
    public async Task Of_Turned_ReadsAlongTheTurn()
    {
        using var pool = Pool(16, 16, "yuv420p");
        using var frame = await FrameAsync(pool, (plane, x, _) => plane == 0 ? 16 + (10 * x) : 128);

        var crop = RgbCrop.Of(frame, new Similarity(0, -1, new Vector2(4, 12)), 4);

        for (var y = 0; y < 4; y++)
        {
            crop.Plane(0)[y * 4].ShouldBe((4 + y) * 10 * 255f / 219, 0.01f);
        }
    }

    [Fact]
    public async Task CopyLuma_IsFullRange601()
    {
        using var pool = Pool(8, 8, "yuv420p");
        using var frame = await FrameAsync(pool, (plane, _, _) => plane == 0 ? 126 : 128);
        var luma = new float[16];

        RgbCrop.Of(frame, Same, 4).CopyLuma(luma);

        luma.ShouldAllBe(value => Math.Abs(value - (110 * 255f / 219)) < 0.01f);
    }

    private static FramePool Pool(int width, int height, string pixelFormat) => new(
        new FrameFormat(width, height, PixelFormat.FromName(pixelFormat), new YuvColor(YuvMatrix.Bt601, FullRange: false)), 1);

    /// <summary>A frame by its 8-bit samples; with 10 bits they are four times as large.</summary>
    private static async Task<VideoFrame> FrameAsync(FramePool pool, Func<int, int, int, int> sample)
    {
        var frame = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            for (var y = 0; y < pool.Format.PlaneHeight(plane); y++)
            {
                for (var x = 0; x < pool.Format.PlaneWidth(plane); x++)
                {
                    if (pool.Format.PixelFormat.BytesPerSample == 1)
                    {
                        frame.Plane8(plane).Row(y)[x] = (byte)sample(plane, x, y);
                    }
                    else
                    {
                        frame.Plane16(plane).Row(y)[x] = (ushort)(4 * sample(plane, x, y));
                    }
                }
            }
        }

        return frame;
    }
}
