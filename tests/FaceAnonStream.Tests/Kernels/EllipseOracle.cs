using System.Numerics;
using FaceAnonStream.Kernels;
using FsCheck;
using FsCheck.Fluent;

namespace FaceAnonStream.Tests.Kernels;

/// <summary>Which samples an ellipse covers, in double precision.</summary>
internal static class EllipseOracle
{
    /// <summary>Radii that leave out the border itself, where single and double precision may differ.</summary>
    public const double Inside = 1 - 1e-5;

    /// <summary>Ellipses in, across and beyond a plane of 97 × 71 samples, down to a point.</summary>
    public static Gen<Ellipse> Any { get; } =
        from x in Gen.Choose(-400, 1400)
        from y in Gen.Choose(-400, 1100)
        from radiusX in Gen.Choose(0, 900)
        from radiusY in Gen.Choose(0, 900)
        select new Ellipse(x / 10f, y / 10f, radiusX / 10f, radiusY / 10f);

    /// <summary>Whether sample (x, y) has a point within <paramref name="scale"/> radii of the centre.</summary>
    public static bool Touches(this Ellipse ellipse, int x, int y, double scale)
    {
        var u = (Math.Clamp(ellipse.CenterX, x, x + 1) - ellipse.CenterX) / Math.Max(ellipse.RadiusX, 0.5) / scale;
        var v = (Math.Clamp(ellipse.CenterY, y, y + 1) - ellipse.CenterY) / Math.Max(ellipse.RadiusY, 0.5) / scale;
        return (u * u) + (v * v) <= 1;
    }

    public static void ForEachInside<T>(this Ellipse ellipse, GuardedPlane<T> plane, Action<int, int> check)
        where T : unmanaged, INumber<T>
    {
        for (var y = 0; y < plane.Height; y++)
        {
            for (var x = 0; x < plane.Width; x++)
            {
                if (ellipse.Touches(x, y, Inside))
                {
                    check(x, y);
                }
            }
        }
    }
}
