using System.Numerics;
using FaceAnonStream.Alignment;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Alignment;

public sealed class FaceSquareTests
{
    /// <summary>Forehead, chin, and both cheeks of an upright face 20 wide and 30 high around (100, 50).</summary>
    private static readonly Vector2[] Upright = [new(100, 35), new(100, 65), new(90, 50), new(110, 50)];

    [Fact]
    public void Around_UprightFace_IsItsBoxTimesTheMargin()
    {
        var square = FaceSquare.Around(Upright, forehead: 0, chin: 1, margin: 1.5f);
        square.ShouldBe(new FaceSquare(new Vector2(100, 50), 45, 0));
        square.FromPicture(new Vector2(100, 35)).ShouldBe(new Vector2(0.5f, 0.5f - (15 / 45f)));
    }

    [Fact]
    public void Around_TurnedFace_IsTurnedWithIt() =>
        Prop.ForAll(Gen.Choose(-175, 175).ToArbitrary(), degrees =>
        {
            var turn = Matrix3x2.CreateRotation(float.DegreesToRadians(degrees), new Vector2(100, 50));
            var turned = Array.ConvertAll(Upright, point => Vector2.Transform(point, turn));
            var square = FaceSquare.Around(turned, forehead: 0, chin: 1, margin: 1.5f);
            square.Side.ShouldBe(45, 0.01f);
            square.Angle.ShouldBe(float.DegreesToRadians(degrees), 0.001f);
            for (var i = 0; i < turned.Length; i++)
            {
                var upright = FaceSquare.Around(Upright, 0, 1, 1.5f).FromPicture(Upright[i]);
                Vector2.Distance(square.FromPicture(turned[i]), upright).ShouldBeLessThan(0.001f);
                Vector2.Distance(square.ToPicture(square.FromPicture(turned[i])), turned[i]).ShouldBeLessThan(0.01f);
            }
        }).QuickCheckThrowOnFailure();
}
