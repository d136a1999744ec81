using FaceAnonStream.Kernels;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Kernels;

/// <summary>Tiny, huge, absent and invalid things to cover.</summary>
public sealed class CellFieldLimitsTests
{
    private static readonly Ellipse Face = new(40, 40, 20, 30);

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
    public void CellAxis_CutByTheFrame_HasNoSliver()
    {
        // Wherever the plane's edge cuts the grid, the least cell still averages 4 x 4 samples.
        Prop.ForAll(EllipseOracle.Any.ToArbitrary(), ellipse =>
        {
            Span<int> edges = stackalloc int[CellField.MaxCells + 1];
            var half = ellipse.RadiusX + 2;
            var axis = new CellAxis(edges, ellipse.CenterX - half, ellipse.CenterX + half, 8, 97, blur: false);
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
    public void Cover_ExtremeEllipse_StaysInsideThePlane(float x, float y, float radiusX, float radiusY)
    {
        foreach (var mode in Enum.GetValues<CellFieldMode>())
        {
            foreach (var (width, height) in new[] { (1, 1), (3, 2), (40, 31) })
            {
                var plane = new GuardedPlane<byte>(width, height, width + 5);
                var ellipse = new Ellipse(x, y, radiusX, radiusY);
                CellField.Cover(plane.View, ellipse, new CellFieldOptions(mode, 8, 0.5f, 7));
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
                () => CellField.Cover(new GuardedPlane<byte>(9, 9, 9).View, Face, options),
                options.ToString());
        }

        Should.Throw<ArgumentException>(() => CellField.Cover(
            new GuardedPlane<int>(9, 9, 9).View, Face, CellFieldOptions.Mosaic(8, 0)));
    }

    [Theory]
    [InlineData(CellFieldMode.Mosaic)]
    [InlineData(CellFieldMode.Blur)]
    [InlineData(CellFieldMode.Solid)]
    public void Cover_SteadyState_AllocatesNothing(CellFieldMode mode)
    {
        const int calls = 100;
        var plane = new GuardedPlane<byte>(83, 81, 91);
        var options = new CellFieldOptions(mode, 8, 0.12f, 80);
        CellField.Cover(plane.View, Face, options);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
        {
            CellField.Cover(plane.View, Face, options);
        }

        // A collection may empty the shared pool once meanwhile; a leak would show in every call.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100 * calls);
    }
}
