using System.Numerics;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Noise in space that repeats every 32 units: smooth between whole numbers, -1 to 1.</summary>
internal static class Grain
{
    private const int Side = 32;
    private static readonly float[] Lattice = MakeLattice();

    public static float At(Vector3 point)
    {
        var floor = new Vector3(MathF.Floor(point.X), MathF.Floor(point.Y), MathF.Floor(point.Z));
        var t = point - floor;
        t = t * t * (new Vector3(3) - (2 * t));
        var (x, y, z) = ((int)floor.X & (Side - 1), (int)floor.Y & (Side - 1), (int)floor.Z & (Side - 1));
        var (x1, y1, z1) = ((x + 1) & (Side - 1), (y + 1) & (Side - 1), (z + 1) & (Side - 1));
        var near = Lerp(Lerp(Value(x, y, z), Value(x1, y, z), t.X), Lerp(Value(x, y1, z), Value(x1, y1, z), t.X), t.Y);
        var far = Lerp(Lerp(Value(x, y, z1), Value(x1, y, z1), t.X), Lerp(Value(x, y1, z1), Value(x1, y1, z1), t.X), t.Y);
        return Lerp(near, far, t.Z);
    }

    private static float Value(int x, int y, int z) => Lattice[(((z * Side) + y) * Side) + x];

    private static float Lerp(float from, float to, float t) => from + ((to - from) * t);

    private static float[] MakeLattice()
    {
        var random = new SplitMix64(0x5ce11e);
        var lattice = new float[Side * Side * Side];
        foreach (ref var value in lattice.AsSpan())
        {
            value = random.NextBetween(-1, 1);
        }

        return lattice;
    }
}
