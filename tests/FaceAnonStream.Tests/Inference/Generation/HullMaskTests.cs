using System.Numerics;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Generation;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Generation;

public sealed class HullMaskTests
{
    private const int Size = 48;

    [Fact]
    public void Draw_AnyPoints_CoversAllBetweenThem() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new SplitMix64((ulong)seed);
        Vector2[] points = [.. Enumerable.Range(0, 3 + random.NextBelow(10)).Select(_ => new Vector2(random.NextBetween(0.1f, 0.9f), random.NextBetween(0.1f, 0.9f)))];
        var mask = Mask(points);
        for (var i = 0; i < 50; i++)
        {
            // Whatever lies between two of them is in the hull.
            var between = Vector2.Lerp(points[random.NextBelow(points.Length)], points[random.NextBelow(points.Length)], random.NextBetween(0, 1));
            At(mask, between).ShouldBeGreaterThan(0.75f, "half a pixel is a sixth of the feather");
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Draw_Square_FadesAroundIt()
    {
        var mask = Mask([new(0.25f, 0.25f), new(0.75f, 0.25f), new(0.75f, 0.75f), new(0.25f, 0.75f), new(0.5f, 0.5f)]);
        At(mask, new(0.5f, 0.5f)).ShouldBe(1);
        At(mask, new(0.26f, 0.5f)).ShouldBe(1);
        At(mask, new(0.22f, 0.5f)).ShouldBeInRange(0.2f, 0.8f);
        At(mask, new(0.18f, 0.5f)).ShouldBe(0);
        mask.ShouldAllBe(value => value >= 0 && value <= 1);
    }

    [Fact]
    public void Draw_FaceBeyondTheCrop_IsZeroAtTheEdge()
    {
        var mask = Mask([new(-1, -1), new(2, -1), new(2, 2), new(-1, 2)]);
        At(mask, new(0.5f, 0.5f)).ShouldBe(1);
        for (var i = 0; i < Size; i++)
        {
            (mask[i] + mask[(Size * (Size - 1)) + i] + mask[Size * i] + mask[(Size * i) + Size - 1]).ShouldBe(0);
        }
    }

    private static float[] Mask(Vector2[] points)
    {
        var mask = new float[Size * Size];
        HullMask.Draw(points, Size, mask);
        return mask;
    }

    private static float At(float[] mask, Vector2 point) => mask[((int)(point.Y * Size) * Size) + (int)(point.X * Size)];
}
