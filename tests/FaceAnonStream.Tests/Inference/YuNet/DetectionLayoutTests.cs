using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Kernels;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.YuNet;

public sealed class DetectionLayoutTests
{
    [Theory]
    [InlineData(1920, 1080, 640, 626, 352, 640, 352)]
    [InlineData(1080, 1920, 640, 352, 626, 352, 640)]
    [InlineData(752, 416, 640, 636, 352, 640, 352)]
    [InlineData(480, 270, 640, 626, 352, 640, 352)]
    [InlineData(640, 370, 640, 640, 370, 640, 384)]
    [InlineData(200, 100, 640, 400, 200, 416, 224)]
    [InlineData(16384, 1, 640, 640, 1, 640, 32)]
    public void Create_WholeFrame_FitsTheLongSideAndEnlargesAtMostTwice(
        int width, int height, int longSide, int contentWidth, int contentHeight, int tensorWidth, int tensorHeight)
    {
        var layout = DetectionLayout.Create(Format(width, height), new DetectOptions { LongSidePx = longSide }, fixedSize: null);
        layout.Views.ShouldHaveSingleItem().ShouldBe(
            new DetectionView(new PixelRect(0, 0, width, height), contentWidth, contentHeight));
        (layout.TensorWidth, layout.TensorHeight).ShouldBe((tensorWidth, tensorHeight));
    }

    [Fact]
    public void Create_FixedSize_FitsBothSides()
    {
        var layout = DetectionLayout.Create(Format(1080, 1920), new DetectOptions { LongSidePx = 320 }, (640, 320));
        layout.Views.ShouldHaveSingleItem().ShouldBe(new DetectionView(new PixelRect(0, 0, 1080, 1920), 180, 320));
        (layout.TensorWidth, layout.TensorHeight).ShouldBe((640, 320));
    }

    [Fact]
    public void Create_Tiles_CoverTheFrameOverlapAndFitTheTensor()
    {
        var cases = (
            from width in Gen.Choose(1, 4000)
            from height in Gen.Choose(1, 4000)
            from tiles in Gen.Choose(2, 8)
            from overlap in Gen.Choose(0, 10)
            select (width, height, tiles, overlap: overlap / 20.0)).ToArbitrary();
        Check.QuickThrowOnFailure(Prop.ForAll(cases, c =>
        {
            var options = new DetectOptions { Tiles = c.tiles, TileOverlap = c.overlap };
            var layout = DetectionLayout.Create(Format(c.width, c.height), options, fixedSize: null);
            var tiles = layout.Views.Skip(1).ToArray();
            tiles.Length.ShouldBe(c.tiles * c.tiles);
            layout.Views.ShouldAllBe(view => view.ContentWidth <= layout.TensorWidth && view.ContentHeight <= layout.TensorHeight);
            foreach (var tile in tiles)
            {
                tile.Region.X.ShouldBeGreaterThanOrEqualTo(0);
                (tile.Region.X + tile.Region.Width).ShouldBeLessThanOrEqualTo(c.width);
                (tile.Region.Y + tile.Region.Height).ShouldBeLessThanOrEqualTo(c.height);
            }

            var row = tiles[..c.tiles];
            row[0].Region.X.ShouldBe(0);
            (row[^1].Region.X + row[^1].Region.Width).ShouldBe(c.width);
            for (var i = 1; i < row.Length; i++)
            {
                // Starts are rounded down to whole pixels, which may eat one pixel of the overlap.
                var shared = row[i - 1].Region.X + row[i - 1].Region.Width - row[i].Region.X;
                shared.ShouldBeGreaterThanOrEqualTo((int)(row[i].Region.Width * c.overlap) - 1);
                shared.ShouldBeGreaterThanOrEqualTo(0);
            }
        }));
    }

    [Fact]
    public void ToFrame_CornersOfTheContent_AreTheCornersOfTheRegion()
    {
        var view = new DetectionView(new PixelRect(100, 50, 753, 417), 640, 354);
        var points = new FivePoints();
        points[4] = new(640, 354);
        var face = view.ToFrame(new FaceDetection(new RectF(0, 0, 640, 354), 0.5f, points));
        face.Box.X.ShouldBe(100);
        face.Box.Y.ShouldBe(50);
        face.Box.Right.ShouldBe(853, 1e-3);
        face.Box.Bottom.ShouldBe(467, 1e-3);
        face.Points[0].ShouldBe(new(100, 50));
        face.Points[4].X.ShouldBe(853, 1e-3);
    }

    [Fact]
    public void MayCut_BordersOfTheFrame_DoNotCut()
    {
        var format = Format(1000, 500);
        var view = new DetectionView(new PixelRect(0, 0, 500, 500), 640, 640);
        view.MayCut(new RectF(-5, -5, 50, 50), format).ShouldBeFalse();
        view.MayCut(new RectF(100, 470, 50, 50), format).ShouldBeFalse();
        view.MayCut(new RectF(440, 100, 50, 50), format).ShouldBeFalse();
        view.MayCut(new RectF(448, 100, 50, 50), format).ShouldBeTrue();
        view.MayCut(new RectF(480, 100, 50, 50), format).ShouldBeTrue();
    }

    private static FrameFormat Format(int width, int height) =>
        new(width, height, PixelFormat.FromName("yuv420p"), new YuvColor(YuvMatrix.Bt601, FullRange: false));
}
