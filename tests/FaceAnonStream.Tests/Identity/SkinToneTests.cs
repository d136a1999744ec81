using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;
using FaceAnonStream.Kernels;
using FaceAnonStream.Redaction;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Identity;

public sealed class SkinToneTests
{
    private static readonly Vector2[] Face = [new(10, 10), new(50, 10), new(30, 60)];

    /// <summary>CIE L*a*b* of sRGB colours as any colour calculator gives them.</summary>
    [Theory]
    [InlineData("#ffffff", 100, 0, 0)]
    [InlineData("#808080", 53.59, 0, 0)]
    [InlineData("#ff0000", 53.24, 80.09, 67.20)]
    [InlineData("#d6ab90", 73.15, 12.8, 19.9)]
    public void FromYuv_KnownColour_IsItsLab(string hex, float lightness, float a, float b)
    {
        foreach (var format in (FrameFormat[])[Format("yuv444p10le", YuvMatrix.Bt709, false), Format("yuv444p10le", YuvMatrix.Bt601, true)])
        {
            var color = SolidColor.FromHex(hex, format);
            var lab = CieLab.FromYuv(format, color.Luma, color.Cb, color.Cr);
            lab.X.ShouldBe(lightness, tolerance: 0.5);
            lab.Y.ShouldBe(a, tolerance: 1);
            lab.Z.ShouldBe(b, tolerance: 1);
        }
    }

    [Theory]
    [InlineData("#e8c8b0", SkinTone.Light)]
    [InlineData("#b98463", SkinTone.Medium)]
    [InlineData("#684533", SkinTone.Dark)]
    public async Task Read_FlatFace_IsItsTone(string hex, SkinTone tone)
    {
        foreach (var layout in (string[])["yuv420p", "yuv422p10le", "yuv444p"])
        {
            var format = Format(layout, YuvMatrix.Bt709, false);
            using var pool = new FramePool(format, 1);
            using var frame = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
            Fill(frame, SolidColor.FromHex(hex, format));
            new SkinToneReader().Read(frame, Face).ShouldBe(tone, layout);
        }
    }

    [Fact]
    public async Task Read_DarkFeaturesOnLessThanHalf_DoNotCount()
    {
        var format = Format("yuv420p", YuvMatrix.Bt709, false);
        using var pool = new FramePool(format, 1);
        using var frame = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        Fill(frame, SolidColor.FromHex("#e8c8b0", format));
        for (var y = 0; y < 32; y++)
        {
            frame.Plane8(0).Row(y).Fill(16);
        }

        new SkinToneReader().Read(frame, Face).ShouldBe(SkinTone.Light, "rows 20 to 50 count, 12 of 30 are black");
    }

    [Theory]
    [InlineData(-35, 0)]
    [InlineData(0, 60)]
    [InlineData(float.NaN, 0)]
    public async Task Read_MostlyOutsideThePicture_IsUnknown(float x, float y)
    {
        using var pool = new FramePool(Format("yuv420p", YuvMatrix.Bt709, false), 1);
        using var frame = await pool.RentAsync(0, 0, new Rational(1, 25), CancellationToken.None);
        new SkinToneReader().Read(frame, [.. Face.Select(point => point + new Vector2(x, y))]).ShouldBeNull();
    }

    private static FrameFormat Format(string layout, YuvMatrix matrix, bool fullRange) =>
        new(64, 80, PixelFormat.FromName(layout), new YuvColor(matrix, fullRange));

    private static void Fill(VideoFrame frame, SolidColor color)
    {
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            if (frame.Format.PixelFormat.BytesPerSample == 1)
            {
                PlaneFill.Fill(frame.Plane8(plane), (byte)color[plane]);
            }
            else
            {
                PlaneFill.Fill(frame.Plane16(plane), (ushort)color[plane]);
            }
        }
    }
}
