using System.Numerics;
using FaceAnonStream.Kernels;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

public sealed class TensorPackerTests
{
    private static readonly PlanarSource Source = new(97, 61, 1, 1, 8, new YuvColor(YuvMatrix.Bt709, false));

    public static IEnumerable<TheoryDataRow<int, int, int>> Layouts() =>
        from bitDepth in new[] { 8, 10 }
        from shifts in new[] { (1, 1), (1, 0), (0, 0) }
        select new TheoryDataRow<int, int, int>(bitDepth, shifts.Item1, shifts.Item2);

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Pack_EveryLayoutRangeAndMatrix_EqualsNaiveReference(int bitDepth, int shiftX, int shiftY)
    {
        foreach (var matrix in Enum.GetValues<YuvMatrix>())
        {
            foreach (var fullRange in new[] { false, true })
            {
                var source = new PlanarSource(97, 61, shiftX, shiftY, bitDepth, new YuvColor(matrix, fullRange));
                var layout = new TensorLayout(36, 24, 33, 21, ChannelOrder.Rgb);
                ShouldEqualNaive(source, new PixelRect(0, 0, 97, 61), layout);
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 97, 61, 97, 61)] // as it is
    [InlineData(0, 0, 96, 60, 32, 20)] // exactly 3:1
    [InlineData(0, 0, 97, 61, 1, 1)] // one pixel
    [InlineData(13, 7, 1, 1, 5, 3)] // from one pixel
    [InlineData(31, 17, 40, 23, 64, 50)] // tile, enlarged
    [InlineData(57, 21, 40, 40, 31, 77)] // tile at the far corner, shrunk one way and enlarged the other
    public void Pack_TileOrScale_EqualsNaiveReference(int x, int y, int width, int height, int toWidth, int toHeight)
    {
        var layout = new TensorLayout(toWidth + 3, toHeight + 2, toWidth, toHeight, ChannelOrder.Bgr, 0.5f, -3);
        ShouldEqualNaive(Source, new PixelRect(x, y, width, height), layout);
        ShouldEqualNaive(Source with { BitDepth = 10 }, new PixelRect(x, y, width, height), layout);
    }

    [Theory]
    [InlineData(YuvMatrix.Bt709, false, 235, 128, 128, 255, 255, 255)]
    [InlineData(YuvMatrix.Bt709, false, 16, 128, 128, 0, 0, 0)]
    [InlineData(YuvMatrix.Bt709, false, 126, 128, 128, 128, 128, 128)]
    [InlineData(YuvMatrix.Bt709, false, 63, 102, 240, 255, 0, 0)]
    [InlineData(YuvMatrix.Bt709, false, 173, 42, 26, 0, 255, 0)]
    [InlineData(YuvMatrix.Bt709, false, 32, 240, 118, 0, 0, 255)]
    [InlineData(YuvMatrix.Bt601, false, 81, 90, 240, 255, 0, 0)]
    [InlineData(YuvMatrix.Bt601, false, 145, 54, 34, 0, 255, 0)]
    [InlineData(YuvMatrix.Bt601, false, 41, 240, 110, 0, 0, 255)]
    [InlineData(YuvMatrix.Bt601, true, 76, 85, 255, 255, 0, 0)]
    [InlineData(YuvMatrix.Bt2020, false, 74, 97, 240, 255, 0, 0)]
    [InlineData(YuvMatrix.Bt709, true, 255, 128, 128, 255, 255, 255)]
    [InlineData(YuvMatrix.Bt709, false, 255, 255, 255, 255, 184, 255)] // out of gamut: clamped
    public void Pack_FlatColour_GivesKnownRgb(
        YuvMatrix matrix, bool full, byte y, byte cb, byte cr, int r, int g, int b)
    {
        var source = Source with { Color = new YuvColor(matrix, full) };
        var planes = Planes<byte>(source);
        planes[0].Fill(y);
        planes[1].Fill(cb);
        planes[2].Fill(cr);
        var layout = new TensorLayout(8, 6, 8, 6, ChannelOrder.Rgb);
        var chw = new float[layout.Length];

        Pack(new TensorPacker(source, new PixelRect(0, 0, 97, 61), layout), planes, chw);

        // Source codes are whole numbers: a primary comes back within two codes.
        chw[..48].ShouldAllBe(value => MathF.Abs(value - r) <= 2);
        chw[48..96].ShouldAllBe(value => MathF.Abs(value - g) <= 2);
        chw[96..].ShouldAllBe(value => MathF.Abs(value - b) <= 2);
    }

    [Fact]
    public void Pack_SecondFrame_KeepsNothingOfTheFirst()
    {
        var layout = new TensorLayout(40, 30, 37, 29, ChannelOrder.Rgb);
        var packer = new TensorPacker(Source, new PixelRect(0, 0, 97, 61), layout);
        var planes = Planes<byte>(Source);
        var (first, second) = (new float[layout.Length], new float[layout.Length]);
        Pack(packer, planes, first);
        var other = Planes<byte>(Source);
        Array.ForEach(other, plane => plane.Fill(255));
        Pack(packer, other, second);
        Pack(packer, planes, second);

        second.ShouldBe(first);
        Array.ForEach(planes, plane => plane.ShouldBeUntouchedExcept((_, _) => false));
    }

    [Fact]
    public void Pack_SmallBrightFace_SurvivesShrinking()
    {
        // A 3-pixel dot at any phase keeps its energy: nothing falls between samples.
        for (var x = 0; x < 9; x++)
        {
            var planes = Planes<byte>(Source);
            planes[0].Fill(16);
            planes[1].Fill(128);
            planes[2].Fill(128);
            planes[0].View.Row(30).Slice(40 + x, 3).Fill(235);
            var layout = new TensorLayout(11, 7, 11, 7, ChannelOrder.Rgb);
            var chw = new float[layout.Length];

            Pack(new TensorPacker(Source, new PixelRect(0, 0, 97, 61), layout), planes, chw);

            (chw[..77].Sum() * (97 / 11f) * (61 / 7f)).ShouldBe(3 * 255, 0.1);
        }
    }

    [Fact]
    public void Pack_WrongPlanesOrOutput_IsRefused()
    {
        var layout = new TensorLayout(8, 6, 8, 6, ChannelOrder.Rgb);
        var packer = new TensorPacker(Source, new PixelRect(0, 0, 97, 61), layout);
        var planes = Planes<byte>(Source);
        var chw = new float[layout.Length];
        var words = Planes<ushort>(Source);

        Should.Throw<ArgumentException>(() => Pack(packer, planes, new float[layout.Length + 1]));
        Should.Throw<ArgumentException>(() => Pack(packer, [planes[1], planes[1], planes[2]], chw));
        Should.Throw<ArgumentException>(() => Pack(packer, [planes[0], planes[0], planes[2]], chw));
        Should.Throw<ArgumentException>(() => Pack(packer, [planes[0], planes[1], planes[0]], chw));
        Should.Throw<ArgumentException>(() => Pack(packer, words, chw));
    }

    [Theory]
    [InlineData(-1, 0, 5, 5)]
    [InlineData(0, 0, 98, 5)]
    [InlineData(90, 0, 8, 5)]
    [InlineData(0, 0, 0, 5)]
    [InlineData(0, int.MaxValue, 5, 5)]
    public void Construct_RegionOutsidePicture_IsRefused(int x, int y, int width, int height) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new TensorPacker(
            Source, new PixelRect(x, y, width, height), new TensorLayout(8, 6, 8, 6, ChannelOrder.Rgb)));

    [Fact]
    public void Construct_ContentLargerThanTensor_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new TensorPacker(
            Source, new PixelRect(0, 0, 97, 61), new TensorLayout(8, 6, 9, 6, ChannelOrder.Rgb)));

    private static void ShouldEqualNaive(PlanarSource source, PixelRect region, TensorLayout layout)
    {
        if (source.BitDepth == 8)
        {
            ShouldEqualNaive<byte>(source, region, layout);
        }
        else
        {
            ShouldEqualNaive<ushort>(source, region, layout);
        }
    }

    private static void ShouldEqualNaive<T>(PlanarSource source, PixelRect region, TensorLayout layout)
        where T : unmanaged, INumber<T>
    {
        var planes = Planes<T>(source);
        var chw = new float[layout.Length];
        Array.Fill(chw, float.NaN);

        Pack(new TensorPacker(source, region, layout), planes, chw);

        for (var y = 0; y < layout.Height; y++)
        {
            for (var x = 0; x < layout.Width; x++)
            {
                var rgb = x < layout.ContentWidth && y < layout.ContentHeight
                    ? NaiveTensor.Pixel(source, region, layout, planes, x, y)
                    : [0, 0, 0];
                for (var c = 0; c < 3; c++)
                {
                    var value = rgb[layout.Order == ChannelOrder.Rgb ? c : 2 - c];
                    var expected = (layout.Scale * value) + layout.Offset;
                    var got = chw[(((c * layout.Height) + y) * layout.Width) + x];
                    // A thousandth of a code: single against double precision.
                    (Math.Abs(got - expected) < 1e-3).ShouldBeTrue($"{source} at {x},{y},{c}: {got}, not {expected}");
                }
            }
        }
    }

    private static void Pack<T>(TensorPacker packer, GuardedPlane<T>[] planes, float[] chw)
        where T : unmanaged, INumber<T> =>
        packer.Pack<T>(planes[0].View, planes[1].View, planes[2].View, chw);

    private static GuardedPlane<T>[] Planes<T>(PlanarSource source)
        where T : unmanaged, INumber<T>
    {
        var width = (source.Width + (1 << source.ChromaShiftX) - 1) >> source.ChromaShiftX;
        var height = (source.Height + (1 << source.ChromaShiftY) - 1) >> source.ChromaShiftY;
        var codes = 1 << source.BitDepth;
        return
        [
            new GuardedPlane<T>(source.Width, source.Height, source.Width + 3, 1, codes),
            new GuardedPlane<T>(width, height, width, 2, codes),
            new GuardedPlane<T>(width, height, width + 1, 3, codes),
        ];
    }
}
