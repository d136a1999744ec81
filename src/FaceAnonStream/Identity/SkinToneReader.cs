using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Identity;

/// <summary>
/// Reads how light the middle of a face is in a picture: medians over a grid of samples, so that eyes, mouth and spectacles,
/// which cover less than half of it, do not count. Not thread-safe.
/// </summary>
internal sealed class SkinToneReader
{
    private const int Grid = 15;

    /// <summary>Radius of the middle, in sides of the landmarks' bounding box: brows to mouth, cheek to cheek.</summary>
    private const float Radius = 0.3f;

    private readonly List<int>[] _samples = [[], [], []];

    /// <param name="frame">Borrowed.</param>
    /// <param name="points">The face's landmarks in luma pixels.</param>
    /// <returns>Null where less than half of the middle is in the picture.</returns>
    public SkinTone? Read(VideoFrame frame, ReadOnlySpan<Vector2> points)
    {
        var (low, high) = Bounds(points);
        var (center, radius) = ((low + high) / 2, Radius * (high - low));
        var asked = 0;
        Array.ForEach(_samples, plane => plane.Clear());
        for (var i = 0; i < Grid * Grid; i++)
        {
            var offset = ((new Vector2(i % Grid, i / Grid) + new Vector2(0.5f)) * 2 / Grid) - Vector2.One;
            if (offset.LengthSquared() <= 1)
            {
                asked++;
                Take(frame, center + (offset * radius));
            }
        }

        if (_samples[0].Count * 2 < asked)
        {
            return null;
        }

        Array.ForEach(_samples, plane => plane.Sort());
        return SkinTones.Of(CieLab.FromYuv(frame.Format, Median(0), Median(1), Median(2)));
    }

    private int Median(int plane) => _samples[plane][_samples[plane].Count / 2];

    private void Take(VideoFrame frame, Vector2 point)
    {
        var format = frame.Format;

        // Negated so that a point that is not finite is outside too.
        if (!(point.X >= 0 && point.Y >= 0 && point.X < format.Width && point.Y < format.Height))
        {
            return;
        }

        for (var plane = 0; plane < FrameFormat.PlaneCount; plane++)
        {
            var x = (int)point.X >> (plane == 0 ? 0 : format.PixelFormat.ChromaShiftX);
            var y = (int)point.Y >> (plane == 0 ? 0 : format.PixelFormat.ChromaShiftY);
            _samples[plane].Add(format.PixelFormat.BytesPerSample == 1 ? frame.Plane8(plane).Row(y)[x] : frame.Plane16(plane).Row(y)[x]);
        }
    }

    private static (Vector2 Low, Vector2 High) Bounds(ReadOnlySpan<Vector2> points)
    {
        var (low, high) = (new Vector2(float.PositiveInfinity), new Vector2(float.NegativeInfinity));
        foreach (var point in points)
        {
            (low, high) = (Vector2.Min(low, point), Vector2.Max(high, point));
        }

        return (low, high);
    }
}
