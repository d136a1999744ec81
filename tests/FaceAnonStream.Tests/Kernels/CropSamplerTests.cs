using System.Numerics;
using FaceAnonStream.Kernels;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

public sealed class CropSamplerTests
{
    private static readonly PlanarSource Source = new(97, 61, 1, 1, 8, new YuvColor(YuvMatrix.Bt709, false));

    /// <summary>Squares in, across and beyond the picture that a crop of 24 pixels does not shrink, luma or chroma.</summary>
    private static Gen<CropSquare> Small { get; } =
        from x in Gen.Choose(-300, 1300)
        from y in Gen.Choose(-300, 900)
        from side in Gen.Choose(1, 350)
        from angle in Gen.Choose(-400, 400)
        select new CropSquare(x / 10f, y / 10f, side / 10f, angle / 100f);

    public static IEnumerable<TheoryDataRow<int, int, int>> Layouts() =>
        from bitDepth in new[] { 8, 10, 16 }
        from shifts in new[] { (1, 1), (1, 0), (0, 0) }
        select new TheoryDataRow<int, int, int>(bitDepth, shifts.Item1, shifts.Item2);

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Sample_EveryLayoutRangeAndMatrix_EqualsNaiveInterpolation(int bitDepth, int shiftX, int shiftY)
    {
        var square = new CropSquare(40.3f, 30.2f, 33, 0.4f);
        foreach (var matrix in Enum.GetValues<YuvMatrix>())
        {
            foreach (var fullRange in new[] { false, true })
            {
                var source = new PlanarSource(97, 61, shiftX, shiftY, bitDepth, new YuvColor(matrix, fullRange));
                if (bitDepth == 8)
                {
                    ShouldEqualNaive(new PlaneSet<byte>(source), square, 24);
                }
                else
                {
                    ShouldEqualNaive(new PlaneSet<ushort>(source), square, 24);
                }
            }
        }
    }

    [Fact]
    public void Sample_AnySquare_EqualsNaiveInterpolation() =>
        Prop.ForAll(Small.ToArbitrary(), square => ShouldEqualNaive(new PlaneSet<byte>(Source), square, 24)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(17)]
    public void Sample_AnySize_EqualsNaiveInterpolation(int size) =>
        ShouldEqualNaive(new PlaneSet<byte>(Source), new CropSquare(50, 30, size, 0.2f), size);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    [InlineData(2, 2)]
    public void Sample_TinyPicture_RepeatsItsEdge(int width, int height) =>
        ShouldEqualNaive(new PlaneSet<byte>(Source with { Width = width, Height = height }), new CropSquare(1, 1, 12, 1), 9);

    [Theory]
    [InlineData(0)]
    [InlineData(0.5f)]
    [InlineData(-2)]
    public void Sample_Shrunk_ShowsThePictureAtEachPixel(float angle)
    {
        // Waves of 40 pixels, seen at 1 to 6.7 pixels of the picture per pixel of the crop.
        var planes = new PlaneSet<ushort>(new PlanarSource(400, 300, 1, 0, 10, new YuvColor(YuvMatrix.Bt601, true))).Wave(40);
        foreach (var side in new[] { 24f, 36, 38, 50, 75, 160 })
        {
            var square = new CropSquare(200, 150, side, angle);
            var crop = new float[24 * 24];
            planes.Sample(new CropSampler(planes.Source, 24), square, crop, grey: true);
            for (var i = 0; i < crop.Length; i++)
            {
                var (x, y) = Naive.ToPicture(square, ((i % 24) + 0.5) / 24, ((i / 24) + 0.5) / 24);
                // An average flattens a wave a little; a shift of a pixel would cost 12 codes.
                var expected = planes.WaveAt(0, x, y, 40) / 1023 * 255;
                ((double)crop[i]).ShouldBe(expected, 1 + (side * side * 0.0004), $"{side}: pixel {i}");
            }
        }
    }

    [Fact]
    public void Sample_FineStripesShrunk_BecomeGrey()
    {
        var planes = new PlaneSet<byte>(Source with { Width = 400, Height = 300, Color = new YuvColor(YuvMatrix.Bt601, true) });
        for (var y = 0; y < 300; y++)
        {
            for (var x = 0; x < 400; x++)
            {
                planes.Planes[0][x, y] = (byte)(200 * ((x + y) % 2));
            }
        }

        foreach (var side in new[] { 72f, 100, 130, 200 })
        {
            var crop = new float[24 * 24];
            planes.Sample(new CropSampler(planes.Source, 24), new CropSquare(200, 150, side, 0.3f), crop, grey: true);
            crop.ShouldAllBe(value => MathF.Abs(value - 100) < 20, $"{side}");
        }
    }

    [Fact]
    public void Sample_HugeSquare_IsTheEdgeAroundAPoint()
    {
        var planes = new PlaneSet<byte>(Source with { Color = new YuvColor(YuvMatrix.Bt601, true) });
        planes.Planes[0].Fill(77);
        var crop = new float[9 * 9];
        planes.Sample(new CropSampler(planes.Source, 9), new CropSquare(-CropSquare.Limit, CropSquare.Limit, CropSquare.Limit, 1), crop, grey: true);
        crop.ShouldAllBe(value => MathF.Abs(value - 77) < 0.01f);
    }

    [Theory]
    [InlineData(float.NaN, 0, 1, 0)]
    [InlineData(0, float.PositiveInfinity, 1, 0)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 0, -1, 0)]
    [InlineData(0, 0, float.NaN, 0)]
    [InlineData(0, 0, 1e9f, 0)]
    [InlineData(0, 0, 1, float.NaN)]
    public void Sample_ImpossibleSquare_IsRefused(float x, float y, float side, float angle) =>
        Should.Throw<ArgumentException>(() => new PlaneSet<byte>(Source).Sample(
            new CropSampler(Source, 8), new CropSquare(x, y, side, angle), new float[64], grey: true));

    [Fact]
    public void Sample_WrongPlanesOrOutput_IsRefused()
    {
        var square = new CropSquare(20, 20, 10, 0);
        var sampler = new CropSampler(Source, 8);
        Should.Throw<ArgumentException>(() => new PlaneSet<byte>(Source).Sample(sampler, square, new float[63], grey: true));
        Should.Throw<ArgumentException>(() => new PlaneSet<byte>(Source).Sample(sampler, square, new float[64], grey: false));
        Should.Throw<ArgumentException>(() => new PlaneSet<byte>(Source with { Width = 99 }).Sample(sampler, square, new float[64], grey: true));
        Should.Throw<ArgumentException>(() => new PlaneSet<ushort>(Source).Sample(sampler, square, new float[64], grey: true));
        Should.Throw<ArgumentOutOfRangeException>(() => new CropSampler(Source, 0));
    }

    private static void ShouldEqualNaive<T>(PlaneSet<T> planes, CropSquare square, int size)
        where T : unmanaged, INumber<T>
    {
        var sampler = new CropSampler(planes.Source, size);
        var (grey, rgb) = (new float[size * size], new float[3 * size * size]);
        planes.Sample(sampler, square, grey, grey: true);
        planes.Sample(sampler, square, rgb, grey: false);
        Array.ForEach(planes.Planes, plane => plane.ShouldBeUntouchedExcept((_, _) => false));
        for (var i = 0; i < grey.Length; i++)
        {
            var (x, y) = Naive.ToPicture(square, ((i % size) + 0.5) / size, ((i / size) + 0.5) / size);
            var yuv = new double[3];
            for (var p = 0; p < 3; p++)
            {
                var (plane, block) = (planes.Planes[p], planes.Block(p));
                yuv[p] = Naive.Interpolate(
                    (px, py) => double.CreateChecked(plane[px, py]), plane.Width, plane.Height, (x / block.X) - 0.5, (y / block.Y) - 0.5);
            }

            var expected = NaiveTensor.ToRgb(planes.Source, yuv[0], yuv[1], yuv[2]);
            for (var c = 0; c < 3; c++)
            {
                // A fiftieth of a code: positions are single precision, and noise is steep.
                (255 * rgb[(c * grey.Length) + i]).ShouldBe((float)expected[c], 0.02f, $"{square}: pixel {i}, channel {c}");
            }

            // Grey is not clamped channel by channel: it only equals the channels' mean where none was.
            if (expected.All(value => value is > 0 and < 255))
            {
                grey[i].ShouldBe((float)((0.299 * expected[0]) + (0.587 * expected[1]) + (0.114 * expected[2])), 0.02f, $"{square}: pixel {i}");
            }
        }
    }
}
