using System.Numerics;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Where a line of sight meets an ellipsoid.</summary>
/// <param name="Z">Depth, growing away from the camera.</param>
/// <param name="Coverage">Share of the pixel that the ellipsoid covers, 0 to 1.</param>
/// <param name="Local">The place on the unit sphere that the ellipsoid is a stretched and turned copy of.</param>
/// <param name="Place">The same along the ellipsoid's own axes, in pixels from its centre.</param>
/// <param name="Normal">Unit length, away from the surface.</param>
internal readonly record struct Hit(float Z, float Coverage, Vector3 Local, Vector3 Place, Vector3 Normal);

/// <summary>
/// An ellipsoid seen from the front without perspective: in picture pixels, x right, y down, z away from the camera. Its
/// surface is where the quadratic form of a point's offset from the centre is 1.
/// </summary>
internal readonly struct Ellipsoid
{
    private readonly Vector3 _center;
    private readonly Vector3 _radii;
    private readonly Vector3 _axisX;
    private readonly Vector3 _axisY;
    private readonly Vector3 _axisZ;

    // The quadratic form: xx, yy, zz, and xy, yz, zx.
    private readonly Vector3 _square;
    private readonly Vector3 _mixed;

    /// <param name="center">In pixels.</param>
    /// <param name="rotation">Turns the ellipsoid's own axes into the picture's.</param>
    /// <param name="radii">Along its own axes, in pixels, positive.</param>
    public Ellipsoid(Vector3 center, Quaternion rotation, Vector3 radii)
    {
        _center = center;
        _radii = radii;
        _axisX = Vector3.Transform(Vector3.UnitX, rotation);
        _axisY = Vector3.Transform(Vector3.UnitY, rotation);
        _axisZ = Vector3.Transform(Vector3.UnitZ, rotation);
        var (x, y, z) = (_axisX / radii.X, _axisY / radii.Y, _axisZ / radii.Z);
        _square = (x * x) + (y * y) + (z * z);
        _mixed = (Rotate(x) * x) + (Rotate(y) * y) + (Rotate(z) * z);
        (x, y, z) = (_axisX * radii.X, _axisY * radii.Y, _axisZ * radii.Z);
        Extent = new Vector2(
            MathF.Sqrt((x.X * x.X) + (y.X * y.X) + (z.X * z.X)),
            MathF.Sqrt((x.Y * x.Y) + (y.Y * y.Y) + (z.Y * z.Y)));

        static Vector3 Rotate(Vector3 v) => new(v.Y, v.Z, v.X);
    }

    /// <summary>Half of the width and height of its outline's bounding box.</summary>
    public Vector2 Extent { get; }

    public Vector2 Center => new(_center.X, _center.Y);

    /// <summary>Looks along z through a point of the picture.</summary>
    /// <param name="point">In pixels.</param>
    /// <param name="pixel">Side of the pixel that is looked through; its edge is softened over that width.</param>
    /// <param name="hit">The nearer of the two places where the line meets the surface.</param>
    /// <returns>False where the ellipsoid covers nothing of the pixel.</returns>
    public bool TryHit(Vector2 point, float pixel, out Hit hit)
    {
        var (dx, dy) = (point.X - _center.X, point.Y - _center.Y);
        var (xy, yz, xz) = (_mixed.X, _mixed.Y, _mixed.Z);
        var half = (xz * dx) + (yz * dy);
        var rest = (_square.X * dx * dx) + (2 * xy * dx * dy) + (_square.Y * dy * dy) - 1;
        var discriminant = (half * half) - (_square.Z * rest);

        // The outline is where the discriminant is 0: over its slope it is the distance to the outline.
        var slopeX = 2 * ((half * xz) - (_square.Z * ((_square.X * dx) + (xy * dy))));
        var slopeY = 2 * ((half * yz) - (_square.Z * ((_square.Y * dy) + (xy * dx))));
        var slope = MathF.Sqrt((slopeX * slopeX) + (slopeY * slopeY));
        var coverage = Math.Clamp((discriminant / MathF.Max(slope * pixel, 1e-12f)) + 0.5f, 0, 1);
        if (coverage <= 0)
        {
            hit = default;
            return false;
        }

        var dz = (-half - MathF.Sqrt(MathF.Max(0, discriminant))) / _square.Z;
        var offset = new Vector3(dx, dy, dz);
        var place = new Vector3(Vector3.Dot(_axisX, offset), Vector3.Dot(_axisY, offset), Vector3.Dot(_axisZ, offset));
        var local = place / _radii;
        hit = new Hit(_center.Z + dz, coverage, local, place, NormalAt(local));
        return true;
    }

    /// <summary>The normal at the surface point in front of a picture point; at the outline for points beyond it.</summary>
    public Hit Front(Vector2 point)
    {
        var offset = point - Center;
        for (var shrink = 1f; ; shrink *= 0.97f)
        {
            if (TryHit(Center + (offset * shrink), 1e-3f, out var hit))
            {
                return hit;
            }
        }
    }

    private Vector3 NormalAt(Vector3 local)
    {
        var scaled = local / _radii;
        return Vector3.Normalize((_axisX * scaled.X) + (_axisY * scaled.Y) + (_axisZ * scaled.Z));
    }
}
