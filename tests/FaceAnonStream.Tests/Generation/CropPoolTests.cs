using FaceAnonStream.Generation;
using FaceAnonStream.Redaction;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Generation;

public sealed class CropPoolTests
{
    [Fact]
    public void Dispose_Crop_IsClearedBeforeItIsLentAgain()
    {
        var pool = new CropPool(kept: 1);
        var crop = pool.Rent(100);
        var memory = crop.Values;
        memory.Span.Fill(1);
        crop.Dispose();
        memory.ToArray().ShouldAllBe(value => value == 0);
        pool.LiveCrops.ShouldBe(0);
    }

    [Fact]
    public void Dispose_Twice_GivesItBackOnce()
    {
        var pool = new CropPool(kept: 1);
        var crop = pool.Rent(10);
        crop.Dispose();
        crop.Dispose();
        pool.LiveCrops.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => crop.Values);
    }

    [Fact]
    public void Dispose_Drawing_GivesItsMemoryBack()
    {
        var pool = new CropPool(kept: 1);
        var crop = pool.Rent(16);
        crop.Values.Length.ShouldBe(16);
        var drawing = FaceDrawing.Of(default, 2, crop.Values[..12], crop.Values[12..], crop);
        pool.LiveCrops.ShouldBe(1);
        drawing.Dispose();
        drawing.Dispose();
        pool.LiveCrops.ShouldBe(0);
        FaceDrawing.Fallen(FallbackReason.TooSmall).Dispose();
    }

    [Fact]
    public void Of_WrongSize_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => FaceDrawing.Of(default, 2, new float[12], new float[3]));
}
