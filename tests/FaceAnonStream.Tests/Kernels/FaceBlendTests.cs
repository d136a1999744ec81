using System.Numerics;
using FaceAnonStream.Kernels;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

public sealed class FaceBlendTests
{
    private static readonly PlanarSource Source = new(97, 61, 1, 1, 8, new YuvColor(YuvMatrix.Bt709, false));

    /// <summary>Squares in, across and beyond the picture.</summary>
    private static Gen<CropSquare> Any { get; } =
        from x in Gen.Choose(-300, 1300)
        from y in Gen.Choose(-300, 900)
        from side in Gen.Choose(1, 1500)
        from angle in Gen.Choose(-400, 400)
        select new CropSquare(x / 10f, y / 10f, side / 10f, angle / 100f);

    public static IEnumerable<TheoryDataRow<int, int, int>> Layouts() =>
        from bitDepth in new[] { 8, 10, 16 }
        from shifts in new[] { (1, 1), (1, 0), (0, 0) }
        select new TheoryDataRow<int, int, int>(bitDepth, shifts.Item1, shifts.Item2);

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Draw_EveryLayoutRangeAndMatrix_EqualsNaiveInterpolation(int bitDepth, int shiftX, int shiftY)
    {
        // 48 pixels of the picture for 24 of the drawing: chroma needs no shrinking either.
        var square = new CropSquare(50.2f, 31.4f, 48, 0.3f);
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(17)]
    public void Draw_AnySize_EqualsNaiveInterpolation(int size) =>
        ShouldEqualNaive(new PlaneSet<byte>(Source), new CropSquare(50, 30, 2.3f * size, -0.2f), size);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(97, 61)]
    [InlineData(-4, 30)]
    [InlineData(50, 70)]
    public void Draw_FaceAtFrameEdge_IsClipped(float x, float y) =>
        ShouldEqualNaive(new PlaneSet<byte>(Source), new CropSquare(x, y, 40, 0.7f), 18);

    [Fact]
    public void Draw_AnySquare_TouchesNothingOutside() => Prop.ForAll(Any.ToArbitrary(), square =>
    {
        var planes = new PlaneSet<byte>(Source);
        planes.Draw(square, 16, Values(3 * 16 * 16, _ => 1), Values(16 * 16, _ => 1));
        planes.ShouldBeUntouchedOutside(square);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Draw_AnySquareWithMaskOne_CoversEverySampleInside() => Prop.ForAll(Any.ToArbitrary(), square =>
    {
        var planes = new PlaneSet<byte>(Source);
        planes.Draw(square, 16, Values(3 * 16 * 16, _ => 0.5f), Values(16 * 16, _ => 1));
        for (var i = 0; i < 97 * 61; i++)
        {
            var (x, y) = (i % 97, i / 97);
            if (Naive.Holds(square with { Side = square.Side * 0.999f }, x + 0.5, y + 0.5))
            {
                planes.Planes[0][x, y].ShouldBe((byte)126, $"{x},{y}");
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Draw_MaskZero_KeepsEveryBit() => Prop.ForAll(Any.ToArbitrary(), square =>
    {
        var planes = new PlaneSet<ushort>(Source with { BitDepth = 16 });
        planes.Draw(square, 16, Values(3 * 16 * 16, _ => 1), new float[16 * 16]);
        Array.ForEach(planes.Planes, plane => plane.ShouldBeUntouchedExcept((_, _) => false));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Draw_MaskOfOneHalf_KeepsEveryBitOfTheOther()
    {
        foreach (var side in new[] { 80f, 16, 8 })
        {
            var planes = new PlaneSet<ushort>(Source with { BitDepth = 16 });
            var square = new CropSquare(48, 30, side, 0);
            planes.Draw(square, 16, Values(3 * 16 * 16, _ => 1), Values(16 * 16, i => i % 16 < 8 ? 1 : 0));
            // What a sample covers reaches half a sample, and interpolation as far again.
            var reach = Math.Max(side / 16, 2);
            planes.Planes[0].ShouldBeUntouchedExcept((x, _) => x + 0.5 < 48 + reach);
            planes.Planes[1].ShouldBeUntouchedExcept((x, _) => (2 * x) + 1 < 48 + Math.Max(reach, 4));
        }
    }

    [Theory]
    [InlineData(YuvMatrix.Bt709, false, 1, 0, 0, 63, 102, 240)]
    [InlineData(YuvMatrix.Bt709, false, 0, 1, 0, 173, 42, 26)]
    [InlineData(YuvMatrix.Bt709, false, 0, 0, 1, 32, 240, 118)]
    [InlineData(YuvMatrix.Bt709, false, 1, 1, 1, 235, 128, 128)]
    [InlineData(YuvMatrix.Bt601, false, 1, 0, 0, 81, 90, 240)]
    [InlineData(YuvMatrix.Bt601, true, 1, 0, 0, 76, 85, 255)] // 255.5: saturated
    [InlineData(YuvMatrix.Bt2020, false, 1, 0, 0, 74, 97, 240)]
    [InlineData(YuvMatrix.Bt709, true, 0, 0, 0, 0, 128, 128)]
    [InlineData(YuvMatrix.Bt709, true, 7, 7, 9, 255, 128, 128)] // beyond 1: saturated
    public void Draw_FlatColour_GivesKnownCodes(YuvMatrix matrix, bool full, float r, float g, float b, int y, int cb, int cr)
    {
        var planes = new PlaneSet<byte>(Source with { Color = new YuvColor(matrix, full) });
        planes.Draw(new CropSquare(48, 30, 200, 0.1f), 8, Values(3 * 64, i => i < 64 ? r : i < 128 ? g : b), Values(64, _ => 1));
        for (var p = 0; p < 3; p++)
        {
            var expected = new[] { y, cb, cr }[p];
            planes.Planes[p].View.Row(planes.Planes[p].Height / 2).ToArray().ShouldAllBe(sample => Math.Abs(sample - expected) <= 1);
        }
    }

    [Fact]
    public void Draw_FineStripesDrawnSmall_BecomeGrey()
    {
        foreach (var side in new[] { 64f, 50, 37, 20 })
        {
            var planes = new PlaneSet<byte>(Source with { Color = new YuvColor(YuvMatrix.Bt601, true) });
            var stripes = Values(3 * 192 * 192, i => (i + (i / 192)) % 2);
            var square = new CropSquare(48, 30, side, 0.2f);
            planes.Draw(square, 192, stripes, Values(192 * 192, _ => 1));
            for (var i = 0; i < 97 * 61; i++)
            {
                if (Naive.Holds(square, (i % 97) + 0.5, (i / 97) + 0.5))
                {
                    ((int)planes.Planes[0][i % 97, i / 97]).ShouldBeInRange(118, 138, $"{side}");
                }
            }
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(96)]
    public void Draw_ColourOutsideTheMask_DoesNotBleedIn(int size)
    {
        // Black on black through a soft disc, white all around it: nothing may become brighter.
        var planes = new PlaneSet<byte>(Source with { Color = new YuvColor(YuvMatrix.Bt601, true) });
        planes.Planes[0].Fill(0);
        var mask = Values(size * size, i => Math.Clamp(3 - (8 * Distance(i)), 0, 1));
        var face = Values(3 * size * size, i => mask[i % mask.Length] > 0 ? 0 : 1);
        planes.Draw(new CropSquare(48, 30, 30, 0.2f), size, face, mask);
        for (var y = 0; y < 61; y++)
        {
            planes.Planes[0].View.Row(y).ToArray().ShouldAllBe(sample => sample == 0);
        }

        float Distance(int i) => Vector2.Distance(new Vector2(i % size, i / size) / size, new Vector2(0.5f));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void Draw_CropOfWholePixels_GivesThePictureBack(int bitDepth)
    {
        // Colours inside the gamut: nothing is clamped on the way to R'G'B'.
        var source = Source with { BitDepth = bitDepth, ChromaShiftX = 0, ChromaShiftY = 0 };
        var square = new CropSquare(40, 30, 32, 0);
        if (bitDepth == 8)
        {
            GivesBack(new PlaneSet<byte>(source).Wave(9), square, 32, tolerance: 1);
        }
        else
        {
            GivesBack(new PlaneSet<ushort>(source).Wave(9), square, 32, tolerance: 1);
        }
    }

    [Theory]
    [InlineData(20, 0.4f)]
    [InlineData(40, -1)]
    [InlineData(55, 3)]
    public void Draw_TurnedCrop_GivesASmoothPictureBack(float side, float angle) =>
        GivesBack(new PlaneSet<byte>(Source).Wave(30), new CropSquare(48, 30, side, angle), 48, tolerance: 5);

    [Fact]
    public void Draw_WrongArguments_AreRefused()
    {
        var planes = new PlaneSet<byte>(Source);
        var square = new CropSquare(20, 20, 10, 0);
        var (face, mask) = (new float[3 * 64], new float[64]);
        Should.Throw<ArgumentException>(() => planes.Draw(square, 8, new float[64], mask));
        Should.Throw<ArgumentException>(() => planes.Draw(square, 8, face, face));
        Should.Throw<ArgumentException>(() => planes.Draw(square, 0, [], []));
        Should.Throw<ArgumentException>(() => planes.Draw(square with { Side = float.NaN }, 8, face, mask));
        Should.Throw<ArgumentException>(() => new PlaneSet<ushort>(Source).Draw(square, 8, face, mask));
        Array.ForEach(planes.Planes, plane => plane.ShouldBeUntouchedExcept((_, _) => false));
    }

    private static void GivesBack<T>(PlaneSet<T> planes, CropSquare square, int size, int tolerance)
        where T : unmanaged, INumber<T>
    {
        var before = Array.ConvertAll(planes.Planes, plane => Enumerable.Range(0, plane.Height).Select(y => plane.View.Row(y).ToArray()).ToArray());
        var crop = new float[3 * size * size];
        planes.Sample(new CropSampler(planes.Source, size), square, crop, grey: false);
        planes.Draw(square, size, crop, Values(size * size, _ => 1));
        for (var p = 0; p < 3; p++)
        {
            for (var y = 0; y < planes.Planes[p].Height; y++)
            {
                for (var x = 0; x < planes.Planes[p].Width; x++)
                {
                    Math.Abs(int.CreateChecked(planes.Planes[p][x, y]) - int.CreateChecked(before[p][y][x]))
                        .ShouldBeLessThanOrEqualTo(tolerance, $"plane {p} at {x},{y}");
                }
            }
        }
    }

    private static void ShouldEqualNaive<T>(PlaneSet<T> planes, CropSquare square, int size)
        where T : unmanaged, INumber<T>
    {
        var random = new Random(7);
        var face = Values(3 * size * size, _ => random.NextSingle());
        var mask = Values(size * size, _ => random.Next(3) == 0 ? 0 : random.NextSingle());
        planes.Draw(square, size, face, mask);
        planes.ShouldBeUntouchedOutside(square);
        var codes = Enumerable.Range(0, size * size)
            .Select(i => Naive.ToCodes(planes.Source, face[i], face[i + (size * size)], face[i + (2 * size * size)])).ToArray();
        for (var p = 0; p < 3; p++)
        {
            var (plane, block) = (planes.Planes[p], planes.Block(p));
            for (var i = 0; i < plane.Width * plane.Height; i++)
            {
                var (x, y) = (i % plane.Width, i / plane.Width);
                var (u, v) = Naive.ToSquare(square, (x + 0.5) * block.X, (y + 0.5) * block.Y);
                if (u is > 1e-5 and < 1 - 1e-5 && v is > 1e-5 and < 1 - 1e-5)
                {
                    var share = At((column, row) => mask[(row * size) + column]);
                    var colour = At((column, row) => mask[(row * size) + column] * codes[(row * size) + column][p]);
                    var expected = ((1 - share) * double.CreateChecked(plane.Original(x, y))) + colour;
                    // Half a code of rounding and what single precision adds to 16 bits.
                    double.CreateChecked(plane[x, y]).ShouldBe(expected, 0.51 + (1e-5 * (1 << planes.Source.BitDepth)), $"plane {p} at {x},{y}");
                }

                double At(Func<int, int, double> at) => Naive.Interpolate(at, size, size, (u * size) - 0.5, (v * size) - 0.5);
            }
        }
    }

    private static float[] Values(int count, Func<int, float> value) => [.. Enumerable.Range(0, count).Select(value)];
}
