using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;
using FaceAnonStream.Redaction;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Redaction;

public sealed class HeadRegionTests
{
    private static readonly Gen<RectF> Boxes =
        from x in Gen.Choose(-500, 4000)
        from y in Gen.Choose(-500, 4000)
        from width in Gen.Choose(1, 1000)
        from height in Gen.Choose(1, 1000)
        select new RectF(x, y, width / 2f, height / 2f);

    [Fact]
    public void FromFaceBox_AnyBox_HoldsItsCorners() => Check.QuickThrowOnFailure(
        Prop.ForAll(Boxes.ToArbitrary(), box =>
        {
            var head = HeadRegion.FromFaceBox(box, 1);
            foreach (var (x, y) in ((float, float)[])[(box.X, box.Y), (box.Right, box.Y), (box.X, box.Bottom), (box.Right, box.Bottom)])
            {
                Distance(head, x, y).ShouldBeLessThan(0.9f);
            }
        }));

    [Theory]
    [InlineData(0.5f, 0.5f)]
    [InlineData(1, 12)]
    [InlineData(12, 1)]
    [InlineData(12, 12)]
    public void FromFaceBox_TinyFace_IsCoveredAsOneOfTwelvePixels(float width, float height) =>
        HeadRegion.FromFaceBox(RectF.FromCenter(50, 50, width, height), 1)
            .ShouldBe(HeadRegion.FromFaceBox(RectF.FromCenter(50, 50, 12, 12), 1));

    [Fact]
    public void FromFaceBox_Profile_IsAsWideAsAHeadIsDeep()
    {
        var narrow = HeadRegion.FromFaceBox(RectF.FromCenter(100, 100, 30, 100), 1);
        narrow.RadiusX.ShouldBeGreaterThan(0.7f * 100);
    }

    [Fact]
    public void FromFaceBox_Hair_ReachesFurtherUpThanDown()
    {
        var box = new RectF(100, 100, 80, 100);
        var head = HeadRegion.FromFaceBox(box, 1);
        (box.Y - (head.CenterY - head.RadiusY)).ShouldBeGreaterThan(head.CenterY + head.RadiusY - box.Bottom);
    }

    [Fact]
    public void FromFaceBox_Scale_MultipliesTheRadii()
    {
        var box = new RectF(100, 100, 80, 100);
        var (head, twice) = (HeadRegion.FromFaceBox(box, 1), HeadRegion.FromFaceBox(box, 2));
        twice.ShouldBe(head with { RadiusX = 2 * head.RadiusX, RadiusY = 2 * head.RadiusY });
    }

    [Fact]
    public void Subsample_ChromaPlane_HalvesWhatIsSubsampled()
    {
        var luma = new Ellipse(100, 60, 40, 20);
        luma.Subsample(1, 1).ShouldBe(new Ellipse(50, 30, 20, 10));
        luma.Subsample(1, 0).ShouldBe(new Ellipse(50, 60, 20, 20));
        luma.Subsample(0, 0).ShouldBe(luma);
    }

    /// <summary>0 at the centre, 1 on the ellipse.</summary>
    private static float Distance(Ellipse ellipse, float x, float y) => MathF.Sqrt(
        MathF.Pow((x - ellipse.CenterX) / ellipse.RadiusX, 2) + MathF.Pow((y - ellipse.CenterY) / ellipse.RadiusY, 2));
}
