using FaceAnonStream.Kernels;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

public sealed class CellFieldTests
{
    // At the border itself single and double precision may differ.
    private const double Inside = 1 - 1e-5;

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

        ForEachInside(Aligned, plane, (x, y) => permuted[x, y].ShouldBe(plane[x, y], $"{x},{y}"));
    }

    [Fact]
    public void Cover_Mosaic_PaintsTheMeanOfEachCell()
    {
        var plane = new GuardedPlane<byte>(83, 81, 91);

        CellField.Cover(plane.View, Aligned, CellFieldOptions.Mosaic(8, 0));

        ForEachInside(Aligned, plane, (x, y) =>
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
        Prop.ForAll(Ellipses.ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), (ellipse, cells) =>
        {
            var plane = new GuardedPlane<ushort>(97, 71, 101, codes: 1024);
            CellField.Cover(plane.View, ellipse, CellFieldOptions.Mosaic(cells, 0));
            for (var y = 0; y < plane.Height; y++)
            {
                // Per row: a cell is one run of equal values.
                var runs = 0;
                for (var x = 0; x < plane.Width; x++)
                {
                    runs += Touches(ellipse, x, y, Inside)
                        && (x == 0 || !Touches(ellipse, x - 1, y, Inside) || plane[x, y] != plane[x - 1, y]) ? 1 : 0;
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
        Prop.ForAll(Ellipses.ToArbitrary(), options.ToArbitrary(), (ellipse, option) =>
        {
            // Samples are 0 or 200, cell means about 100, solid cover 100: what is neither 0 nor 200 is not original.
            var plane = new GuardedPlane<ushort>(97, 71, 101, codes: 1);
            for (var i = 0; i < plane.Width * plane.Height; i++)
            {
                plane[i % plane.Width, i / plane.Width] = (ushort)(200 * (i % 2));
            }

            CellField.Cover(plane.View, ellipse, option);

            ForEachInside(ellipse, plane, (x, y) => plane[x, y].ShouldBeInRange((ushort)92, (ushort)108, $"{x},{y}"));
            for (var i = 0; i < plane.Width * plane.Height; i++)
            {
                var (y, x) = Math.DivRem(i, plane.Width);
                (plane[x, y] == 200 * (i % 2) || Touches(ellipse, x, y, 1 + option.Feather + 1e-3)).ShouldBeTrue($"{x},{y}");
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
            CellField.Cover(plane.View, new Ellipse(37.3f, 41.9f, 20.2f, 31.7f), new CellFieldOptions(mode, 8, 0.5f, top));
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

    [Theory]
    [InlineData(CellFieldMode.Mosaic)]
    [InlineData(CellFieldMode.Blur)]
    public void Cover_TinyEllipse_StillAveragesSixteenSamples(CellFieldMode mode)
    {
        foreach (var (x, y) in new[] { (0f, 0f), (10.5f, 10.5f), (19.9f, 0.1f), (20.2f, 20.2f) })
        {
            var plane = new GuardedPlane<byte>(20, 20, 23);
            plane.Fill(0);
            var (column, row) = ((int)Math.Min(x, 19), (int)Math.Min(y, 19));
            plane[column, row] = 255;

            CellField.Cover(plane.View, new Ellipse(x, y, 0, 0), new CellFieldOptions(mode, 8, 0, 0));

            ((int)plane[column, row]).ShouldBeInRange(1, 255 / 16 + 1);
        }
    }

    [Fact]
    public void Cover_EllipseLeavingTheFrame_ShowsNoSingleSample()
    {
        // Wherever the plane's edge cuts the grid, the least cell still averages 4 x 4 samples.
        Prop.ForAll(Ellipses.ToArbitrary(), ellipse =>
        {
            Span<int> edges = stackalloc int[CellField.MaxCells + 1];
            var axis = new CellAxis(edges, ellipse.CenterX - ellipse.RadiusX - 2, ellipse.CenterX + ellipse.RadiusX + 2, 8, 97, false);
            axis.Count.ShouldBeInRange(1, 8);
            axis.First.ShouldBeGreaterThanOrEqualTo(0);
            axis.Last.ShouldBeLessThanOrEqualTo(97);
            for (var i = 0; i < axis.Count; i++)
            {
                (axis.Edge(i + 1) - axis.Edge(i)).ShouldBeGreaterThanOrEqualTo(CellAxis.MinSide);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1e30f, 0, 1, 1)]
    [InlineData(0, 0, 1e30f, 1e30f)]
    [InlineData(1e30f, -1e30f, 3e38f, 3e38f)]
    [InlineData(5, 5, float.Epsilon, 3e38f)]
    [InlineData(-7, 5, 6.9f, 3)]
    public void Cover_ExtremeEllipse_NeverThrowsNorLeavesThePlane(float x, float y, float radiusX, float radiusY)
    {
        foreach (var mode in Enum.GetValues<CellFieldMode>())
        {
            foreach (var (width, height) in new[] { (1, 1), (3, 2), (40, 31) })
            {
                var plane = new GuardedPlane<byte>(width, height, width + 5);
                CellField.Cover(plane.View, new Ellipse(x, y, radiusX, radiusY), new CellFieldOptions(mode, 8, 0.5f, 7));
                plane.ShouldBeUntouchedExcept((_, _) => true);
            }
        }
    }

    [Theory]
    [InlineData(float.NaN, 0, 1, 1)]
    [InlineData(0, float.PositiveInfinity, 1, 1)]
    [InlineData(0, 0, float.NaN, 1)]
    [InlineData(0, 0, 1, float.NegativeInfinity)]
    [InlineData(0, 0, -1, 1)]
    public void Cover_InvalidEllipse_IsRefused(float x, float y, float radiusX, float radiusY) =>
        Should.Throw<ArgumentException>(() => CellField.Cover(
            new GuardedPlane<byte>(9, 9, 9).View, new Ellipse(x, y, radiusX, radiusY), CellFieldOptions.Mosaic(8, 0)));

    [Fact]
    public void Cover_InvalidOptions_AreRefused()
    {
        CellFieldOptions[] invalid =
        [
            CellFieldOptions.Mosaic(0, 0), CellFieldOptions.Mosaic(9, 0), CellFieldOptions.Blur(8, -0.1f),
            CellFieldOptions.Blur(8, 1.1f), CellFieldOptions.Blur(8, float.NaN), CellFieldOptions.Solid(256, 0),
            new((CellFieldMode)3, 8, 0, 0), default,
        ];
        foreach (var options in invalid)
        {
            Should.Throw<ArgumentException>(
                () => CellField.Cover(new GuardedPlane<byte>(9, 9, 9).View, Aligned, options), options.ToString());
        }

        Should.Throw<ArgumentException>(() => CellField.Cover(
            new GuardedPlane<int>(9, 9, 9).View, Aligned, CellFieldOptions.Mosaic(8, 0)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Cover_SteadyState_AllocatesNothing(CellFieldMode mode)
    {
        var plane = new GuardedPlane<byte>(83, 81, 91);
        var options = new CellFieldOptions(mode, 8, 0.12f, 80);
        CellField.Cover(plane.View, Aligned, options);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            CellField.Cover(plane.View, Aligned, options);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static Gen<Ellipse> Ellipses { get; } =
        from x in Gen.Choose(-400, 1400)
        from y in Gen.Choose(-400, 1100)
        from radiusX in Gen.Choose(0, 900)
        from radiusY in Gen.Choose(0, 900)
        select new Ellipse(x / 10f, y / 10f, radiusX / 10f, radiusY / 10f);

    /// <summary>Whether sample (x, y) has a point within <paramref name="scale"/> radii of the centre.</summary>
    private static bool Touches(Ellipse ellipse, int x, int y, double scale)
    {
        var u = (Math.Clamp(ellipse.CenterX, x, x + 1) - ellipse.CenterX) / Math.Max(ellipse.RadiusX, 0.5) / scale;
        var v = (Math.Clamp(ellipse.CenterY, y, y + 1) - ellipse.CenterY) / Math.Max(ellipse.RadiusY, 0.5) / scale;
        return (u * u) + (v * v) <= 1;
    }

    private static void ForEachInside<T>(Ellipse ellipse, GuardedPlane<T> plane, Action<int, int> check)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        for (var y = 0; y < plane.Height; y++)
        {
            for (var x = 0; x < plane.Width; x++)
            {
                if (Touches(ellipse, x, y, Inside))
                {
                    check(x, y);
                }
            }
        }
    }
}
