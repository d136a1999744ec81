using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;
using Shouldly;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>The face in frames of noise: always in the same place, and recognised sample by sample.</summary>
internal static class NoiseFace
{
    public static readonly RectF Box = new(60, 50, 30, 36);
    public static readonly FrameFormat Format = Formats.Of(192, 144);

    public static ScriptedDetector Detector() => new(_ => [new FaceDetection(Box, 0.9f)]);

    /// <summary>The noise of the original must not show through: what is there must be unrelated to it, sample by sample.</summary>
    /// <param name="sink">What came out.</param>
    /// <param name="format">Its format.</param>
    /// <param name="absent">Frames without the face; none unless told otherwise.</param>
    public static void ShouldBeGone(MemorySink sink, FrameFormat? format = null, Func<long, bool>? absent = null)
    {
        format ??= Format;
        foreach (var frame in sink.Frames.Where(frame => absent?.Invoke(frame.Index) != true))
        {
            var original = MemorySource.Original(format, frame.Index);
            for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
            {
                // Chance alone makes 1 in 256 samples of noise equal.
                SameShare(format, original, frame.Bytes, plane).ShouldBeLessThan(0.05, $"frame {frame.Index}, plane {plane}");
            }
        }
    }

    private static double SameShare(FrameFormat format, byte[] original, byte[] output, int plane)
    {
        var (shiftX, shiftY) = plane == 0 ? (0, 0) : (format.PixelFormat.ChromaShiftX, format.PixelFormat.ChromaShiftY);
        var (same, count) = (0, 0);
        for (var y = (int)Box.Y >> shiftY; y < (int)Box.Bottom >> shiftY; y++)
        {
            for (var x = (int)Box.X >> shiftX; x < (int)Box.Right >> shiftX; x++)
            {
                var size = format.PixelFormat.BytesPerSample;
                var at = format.PlaneOffset(plane) + (((y * format.PlaneWidth(plane)) + x) * size);
                same += original.AsSpan(at, size).SequenceEqual(output.AsSpan(at, size)) ? 1 : 0;
                count++;
            }
        }

        return (double)same / count;
    }
}
