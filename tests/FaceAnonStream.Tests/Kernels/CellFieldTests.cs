using FaceAnonStream.Kernels;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

public sealed class CellFieldTests
{
    // Eight cells of 8 samples from 8 to 72.
    private static readonly Ellipse Aligned = new(40, 40, 32, 32);

    public static TheoryData<CellFieldMode> Modes { get; } = [.. Enum.GetValues<CellFieldMode>()];

    [Theory]
    [InlineData(CellFieldMode.Mosaic)]
    [InlineData(CellFieldMode.Blur)]
    public void Cover_OriginalPermutedWithinCells_LooksTheSame(CellFieldMode mode)
    {
        var plane = new GuardedPlane<byte>(83, 81, 91);
        var permuted = new GuardedPlane<byte>(83, 81, 91);
        var random = new Random(5);
        for (var cellY = 8; cellY < 72; cellY += 8)
        {
            for (var cellX = 8; cellX < 72; cellX += 8)
            {
                var samples = Enumerable.Range(0, 64).Select(i => plane[cellX + (i % 8), cellY + (i / 8)]).ToArray();
                random.Shuffle(samples);
                for (var i = 0; i < samples.Length; i++)
                {
                    permuted[cellX + (i % 8), cellY + (i / 8)] = samples[i];
                }
            }
        }

        var options = new CellFieldOptions(mode, 8, 0, 0);
        CellField.Cover(plane.View, Aligned, options);
        CellField.Cover(permuted.View, Aligned, options);

        Aligned.ForEachInside(plane, (x, y) => permuted[x, y].ShouldBe(plane[x, y], $"{x},{y}"));
    }

    [Fact]
    public void Cover_Mosaic_PaintsTheMeanOfEachCell()
    {
        var plane = new GuardedPlane<byte>(83, 81, 91);

        CellField.Cover(plane.View, Aligned, CellFieldOptions.Mosaic(8, 0));

        Aligned.ForEachInside(plane, (x, y) =>
        {
            var (cellX, cellY) = (x / 8 * 8, y / 8 * 8);
            var mean = Enumerable.Range(0, 64).Average(i => plane.Original(cellX + (i % 8), cellY + (i / 8)));
            plane[x, y].ShouldBe((byte)Math.Floor(mean + 0.5), $"{x},{y}");
        });
    }

    [Fact]
    public void Cover_Blur_EqualsMosaicConvolvedWithGaussian()
    {
        var plane = new GuardedPlane<ushort>(83, 81, 91, codes: 1024);
        var means = new double[83, 81];
        for (var y = 8; y < 72; y++)
        {
            for (var x = 8; x < 72; x++)
            {
                var (cellX, cellY) = (x / 8 * 8, y / 8 * 8);
                means[x, y] = Enumerable.Range(0, 64).Average(i => plane.Original(cellX + (i % 8), cellY + (i / 8)));
            }
        }

        CellField.Cover(plane.View, Aligned, CellFieldOptions.Blur(8, 0));

        foreach (var (x, y) in new[] { (40, 40), (33, 47), (20, 30), (40, 8), (70, 40) })
        {
            // Fifths of a sample integrate the Gaussian well enough.
            var (sum, weights) = (0.0, 0.0);
            for (var v = 8.1; v < 72; v += 0.2)
            {
                for (var u = 8.1; u < 72; u += 0.2)
                {
                    var distance = ((u - x - 0.5) * (u - x - 0.5)) + ((v - y - 0.5) * (v - y - 0.5));
                    // At half a cell from the centre the weight is a half.
                    var weight = Math.Pow(2, -distance / (4 * 4));
                    sum += weight * means[(int)u, (int)v];
                    weights += weight;
                }
            }

            ((double)plane[x, y]).ShouldBe(sum / weights, 0.75, $"{x},{y}");
        }
    }

    [Fact]
    public void Cover_MosaicOfAnyEllipse_HasAtMostTheGivenCellsAcross()
    {
        Prop.ForAll(EllipseOracle.Any.ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), (ellipse, cells) =>
        {
            var plane = new GuardedPlane<ushort>(97, 71, 101, codes: 1024);
            CellField.Cover(plane.View, ellipse, CellFieldOptions.Mosaic(cells, 0));
            for (var y = 0; y < plane.Height; y++)
            {
                // Per row: a cell is one run of equal values.
                var runs = 0;
                for (var x = 0; x < plane.Width; x++)
                {
                    var continues = x > 0 && ellipse.Touches(x - 1, y, EllipseOracle.Inside)
                        && plane[x, y] == plane[x - 1, y];
                    runs += ellipse.Touches(x, y, EllipseOracle.Inside) && !continues ? 1 : 0;
                }

                runs.ShouldBeLessThanOrEqualTo(cells);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Cover_AnyEllipseAndMode_CoversInsideAndTouchesNothingBeyondTheFeather()
    {
        var options =
            from mode in Gen.Elements(Enum.GetValues<CellFieldMode>())
            from cells in Gen.Choose(1, 8)
            from feather in Gen.Elements(0f, 0.12f, 1f)
            select new CellFieldOptions(mode, cells, feather, 100);
        Prop.ForAll(EllipseOracle.Any.ToArbitrary(), options.ToArbitrary(), (ellipse, option) =>
        {
            // Samples are 0 or 200, cell means and solid cover about 100: what is near 100 is not original.
            var plane = new GuardedPlane<ushort>(97, 71, 101, codes: 1);
            for (var i = 0; i < plane.Width * plane.Height; i++)
            {
                plane[i % plane.Width, i / plane.Width] = (ushort)(200 * (i % 2));
            }

            CellField.Cover(plane.View, ellipse, option);

            ellipse.ForEachInside(plane, (x, y) => plane[x, y].ShouldBeInRange((ushort)92, (ushort)108, $"{x},{y}"));
            for (var i = 0; i < plane.Width * plane.Height; i++)
            {
                var (y, x) = Math.DivRem(i, plane.Width);
                var mayChange = ellipse.Touches(x, y, 1 + option.Feather + 1e-3);
                (plane[x, y] == 200 * (i % 2) || mayChange).ShouldBeTrue($"{x},{y}");
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Cover_FlatPlaneAtTheTop_DoesNotOverflow(CellFieldMode mode)
    {
        foreach (var top in new ushort[] { 0, 1023, 65535 })
        {
            var plane = new GuardedPlane<ushort>(83, 81, 91, codes: 65536);
            plane.Fill(top);
            var ellipse = new Ellipse(37.3f, 41.9f, 20.2f, 31.7f);
            CellField.Cover(plane.View, ellipse, new CellFieldOptions(mode, 8, 0.5f, top));
            for (var y = 0; y < plane.Height; y++)
            {
                plane.View.Row(y).ToArray().ShouldAllBe(sample => sample == top);
            }
        }
    }

    [Fact]
    public void Cover_Feather_FallsSmoothlyFromValueToOriginal()
    {
        var plane = new GuardedPlane<byte>(100, 9, 100);
        plane.Fill(0);

        CellField.Cover(plane.View, new Ellipse(0, 4.5f, 40, 400), CellFieldOptions.Solid(200, 0.5f));

        var row = plane.View.Row(4).ToArray();
        row[..40].ShouldAllBe(sample => sample == 200);
        row[60..].ShouldAllBe(sample => sample == 0);
        row.Zip(row.Skip(1)).ShouldAllBe(pair => pair.First >= pair.Second);
        row.Zip(row.Skip(1)).Max(pair => pair.First - pair.Second).ShouldBeLessThanOrEqualTo(17);
        row[50].ShouldBeInRange((byte)92, (byte)112);
    }
}
