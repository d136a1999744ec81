using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Frames;

public sealed class FramePoolTests
{
    private static readonly Rational TimeBase = new(1, 25);

    [Fact]
    public async Task Rent_EmptyPool_WaitsForAReturn()
    {
        using var pool = new FramePool(Formats.Of(4, 4), 2);
        using var first = await RentAsync(pool);
        using var second = await RentAsync(pool);
        var waiting = RentAsync(pool);
        waiting.IsCompleted.ShouldBeFalse();
        pool.LiveFrames.ShouldBe(2);
        first.Dispose();
        (await waiting).Dispose();
        pool.LiveFrames.ShouldBe(1);
    }

    [Fact]
    public async Task Rent_Cancelled_ThrowsAndLeasesNothing()
    {
        using var pool = new FramePool(Formats.Of(4, 4), 1);
        using var cancel = new CancellationTokenSource();
        var frame = await RentAsync(pool);
        var waiting = RentAsync(pool, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        frame.Dispose();
        pool.LiveFrames.ShouldBe(0);
        (await RentAsync(pool)).Dispose();
    }

    [Fact]
    public async Task Dispose_Twice_ReturnsTheMemoryOnce()
    {
        using var pool = new FramePool(Formats.Of(4, 4), 1);
        var frame = await RentAsync(pool);
        frame.Dispose();
        frame.Dispose();
        pool.LiveFrames.ShouldBe(0);
        using var next = await RentAsync(pool);
        RentAsync(pool).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Rent_AfterReturn_ReusesTheMemory()
    {
        using var pool = new FramePool(Formats.Of(4, 4), 1);
        var frame = await RentAsync(pool);
        frame.Memory.Span.Fill(77);
        frame.Dispose();
        using var next = await RentAsync(pool);
        next.Memory.ToArray().ShouldAllBe(value => value == 77);
    }

    [Fact]
    public async Task Frame_UsedAfterDispose_Throws()
    {
        using var pool = new FramePool(Formats.Of(4, 4), 1);
        var frame = await RentAsync(pool);
        frame.Dispose();
        Should.Throw<ObjectDisposedException>(() => frame.Memory);
        Should.Throw<ObjectDisposedException>(() => frame.Plane8(0).Width);
    }

    [Fact]
    public async Task Plane_OfEachIndex_IsItsPartOfTheMemory()
    {
        using var pool = new FramePool(Formats.Of(5, 3), 1);
        using var frame = await RentAsync(pool);
        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            var view = frame.Plane8(plane);
            for (var y = 0; y < view.Height; y++)
            {
                view.Row(y).Fill((byte)((10 * plane) + y));
            }
        }

        frame.Memory.ToArray().ShouldBe([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 10, 10, 10, 11, 11, 11, 20, 20, 20, 21, 21, 21]);
        Should.Throw<ArgumentOutOfRangeException>(() => frame.Plane8(3).Width);
        Should.Throw<ArgumentOutOfRangeException>(() => frame.Plane8(-1).Width);
    }

    [Theory]
    [InlineData("yuv420p", false)]
    [InlineData("yuv420p10le", true)]
    public async Task Plane_OfTheWrongSampleSize_Throws(string pixelFormat, bool askFor8)
    {
        using var pool = new FramePool(Formats.Of(4, 4, pixelFormat), 1);
        using var frame = await RentAsync(pool);
        Should.Throw<InvalidOperationException>(() => askFor8 ? frame.Plane8(0).Width : frame.Plane16(0).Width);
    }

    private static Task<VideoFrame> RentAsync(FramePool pool, CancellationToken ct = default) =>
        pool.RentAsync(0, 0, TimeBase, ct).AsTask();
}
