using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tests.Kit;
using FaceAnonStream.Tracking;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Redaction;

public sealed class SyntheticCoverTests
{
    private const int Size = 32;
    private static readonly TrackedFace Face = new(1, new RectF(60, 50, 40, 48), Evidence.Observed, 0.9f, IsConfirmed: true);
    private static readonly FaceSquare Square = new(new Vector2(80, 74), 64, 0.2f);

    [Theory]
    [InlineData("yuv420p", PrivacyLevel.Natural)]
    [InlineData("yuv420p", PrivacyLevel.Strong)]
    [InlineData("yuv444p10le", PrivacyLevel.Natural)]
    [InlineData("yuv422p10le", PrivacyLevel.Strong)]
    public async Task Cover_OpaqueMask_LeavesNoOriginalSampleOfTheFace(string pixelFormat, PrivacyLevel privacy)
    {
        var format = Formats.Of(192, 144, pixelFormat);
        using var pool = new FramePool(format, 1);
        using var frame = await FrameAsync(pool);
        var original = frame.Memory.ToArray();

        var outcome = Ladder(format, privacy).Apply(new TrackedFrame(frame, [Face]) { Drawings = [Drawing(mask: 1)] });

        outcome.Kind.ShouldBe(OutcomeKind.Synthetic);
        outcome.Failure.ShouldBeNull();
        SameShare(format, original, frame, Face.Box).ShouldBeLessThan(0.05);
        frame.Memory.Span[..20].SequenceEqual(original.AsSpan(0, 20)).ShouldBeTrue("far from the face nothing changes");
    }

    [Fact]
    public async Task Cover_EmptyMask_StrongStillCoversTheHeadAndNaturalLeavesIt()
    {
        var format = Formats.Of(192, 144);
        foreach (var privacy in Enum.GetValues<PrivacyLevel>())
        {
            using var pool = new FramePool(format, 1);
            using var frame = await FrameAsync(pool);
            var original = frame.Memory.ToArray();
            Ladder(format, privacy).Apply(new TrackedFrame(frame, [Face]) { Drawings = [Drawing(mask: 0)] });
            var same = SameShare(format, original, frame, Face.Box);
            (privacy == PrivacyLevel.Strong ? same < 0.05 : same == 1).ShouldBeTrue($"{privacy}: {same}");
        }
    }

    private static async Task<VideoFrame> FrameAsync(FramePool pool) =>
        (await new MemorySource(pool, frames: 1).ReadAsync(CancellationToken.None))!;

    private static RedactionLadder Ladder(FrameFormat format, PrivacyLevel privacy) =>
        RedactionLadder.For(new RedactOptions { Privacy = privacy }, format);

    private static FaceDrawing Drawing(float mask)
    {
        var pixels = new float[3 * Size * Size];
        pixels.AsSpan().Fill(0.6f);
        var shares = new float[Size * Size];
        shares.AsSpan().Fill(mask);
        return FaceDrawing.Of(Square, Size, pixels, shares);
    }

    /// <summary>The share of the box's luma samples that are the original's.</summary>
    private static double SameShare(FrameFormat format, byte[] original, VideoFrame frame, RectF box)
    {
        var (same, count) = (0, 0);
        var bytes = format.PixelFormat.BytesPerSample;
        for (var y = (int)box.Y; y < box.Bottom; y++)
        {
            for (var x = (int)box.X; x < box.Right; x++, count++)
            {
                var at = ((y * format.Width) + x) * bytes;
                same += original.AsSpan(at, bytes).SequenceEqual(frame.Memory.Span.Slice(at, bytes)) ? 1 : 0;
            }
        }

        return (double)same / count;
    }
}
