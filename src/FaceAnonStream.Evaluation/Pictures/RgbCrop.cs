using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Evaluation.Pictures;

/// <summary>
/// A square cut out of a frame through a similarity: three planes [3, S, S] of R'G'B', 0 to 255. Positions count from the
/// centre of the first pixel, as OpenCV's do. What lies outside the frame repeats its border; where the crop is smaller
/// than what it shows, each pixel is the mean of several samples, so that nothing aliases.
/// </summary>
public sealed class RgbCrop
{
    private const int MaxSamplesPerSide = 16;

    private RgbCrop(int side)
    {
        Side = side;
        Values = new float[3 * side * side];
    }

    /// <summary>Width and height in pixels.</summary>
    public int Side { get; }

    /// <summary>Red, green and blue planes, one after the other.</summary>
    public float[] Values { get; }

    public ReadOnlySpan<float> Plane(int channel) => Values.AsSpan(channel * Side * Side, Side * Side);

    /// <param name="frame">Borrowed.</param>
    /// <param name="toFrame">From the crop's positions to the frame's luma positions.</param>
    /// <param name="side">Width and height of the crop, at least 1.</param>
    public static RgbCrop Of(VideoFrame frame, Similarity toFrame, int side)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        var crop = new RgbCrop(side);
        if (frame.Format.PixelFormat.BytesPerSample == 1)
        {
            crop.Fill(new Planes<byte>(frame.Plane8(0), frame.Plane8(1), frame.Plane8(2), frame.Format), toFrame);
        }
        else
        {
            crop.Fill(new Planes<ushort>(frame.Plane16(0), frame.Plane16(1), frame.Plane16(2), frame.Format), toFrame);
        }

        return crop;
    }

    /// <summary>Full-range BT.601 luma [S, S], 0 to 255, whatever the frame's own matrix.</summary>
    public void CopyLuma(Span<float> luma)
    {
        var red = Plane(0);
        var green = Plane(1);
        var blue = Plane(2);
        for (var i = 0; i < red.Length; i++)
        {
            luma[i] = (0.299f * red[i]) + (0.587f * green[i]) + (0.114f * blue[i]);
        }
    }

    private void Fill<T>(Planes<T> planes, Similarity toFrame)
        where T : unmanaged
    {
        var count = Math.Clamp((int)MathF.Ceiling(toFrame.Scale - 0.01f), 1, MaxSamplesPerSide);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var sum = Vector3.Zero;
                for (var sample = 0; sample < count * count; sample++)
                {
                    var (row, column) = Math.DivRem(sample, count);
                    var offset = new Vector2(((column + 0.5f) / count) - 0.5f, ((row + 0.5f) / count) - 0.5f);
                    sum += planes.At(toFrame.Apply(new Vector2(x, y) + offset));
                }

                var rgb = planes.ToRgb(sum / (count * count));
                var pixel = (y * Side) + x;
                Values[pixel] = rgb.X;
                Values[(Side * Side) + pixel] = rgb.Y;
                Values[(2 * Side * Side) + pixel] = rgb.Z;
            }
        }
    }
}
