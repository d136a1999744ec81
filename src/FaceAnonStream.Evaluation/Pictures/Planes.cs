using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Evaluation.Pictures;

/// <summary>The borrowed planes of a frame, readable between their samples.</summary>
internal readonly ref struct Planes<T>
    where T : unmanaged
{
    private readonly ReadOnlyPlaneView<T> _luma;
    private readonly ReadOnlyPlaneView<T> _blue;
    private readonly ReadOnlyPlaneView<T> _red;
    private readonly Vector2 _block;
    private readonly YuvColor _color;
    private readonly float _unit;

    public Planes(PlaneView<T> luma, PlaneView<T> blue, PlaneView<T> red, FrameFormat format)
    {
        _luma = luma;
        _blue = blue;
        _red = red;
        _block = new Vector2(1 << format.PixelFormat.ChromaShiftX, 1 << format.PixelFormat.ChromaShiftY);
        _color = format.Color;
        _unit = 1 << (format.PixelFormat.BitDepth - 8);
    }

    /// <summary>Y', Cb and Cr at a luma position, in 8-bit units. Chroma is co-centred with its block of luma.</summary>
    public Vector3 At(Vector2 position)
    {
        var half = new Vector2(0.5f);
        var chroma = ((position + half) / _block) - half;
        return new Vector3(Bilinear(_luma, position), Bilinear(_blue, chroma), Bilinear(_red, chroma)) / _unit;
    }

    /// <summary>R'G'B', 0 to 255, after ITU-T H.273.</summary>
    public Vector3 ToRgb(Vector3 value)
    {
        var (red, blue) = _color.LumaShares;
        var luma = _color.FullRange ? value.X : (value.X - 16) * 255 / 219;
        var chroma = _color.FullRange ? 1f : 255f / 224;
        var (cb, cr) = ((value.Y - 128) * chroma, (value.Z - 128) * chroma);
        var fromRed = (float)(2 * (1 - red)) * cr;
        var fromBlue = (float)(2 * (1 - blue)) * cb;
        var green = luma - (((float)red * fromRed) + ((float)blue * fromBlue)) / (float)(1 - red - blue);
        return Vector3.Clamp(new Vector3(luma + fromRed, green, luma + fromBlue), Vector3.Zero, new Vector3(255));
    }

    private static float Bilinear(ReadOnlyPlaneView<T> plane, Vector2 position)
    {
        var x = Math.Clamp(position.X, 0, plane.Width - 1);
        var y = Math.Clamp(position.Y, 0, plane.Height - 1);
        var (left, top) = ((int)x, (int)y);
        var right = Math.Min(left + 1, plane.Width - 1);
        var upper = plane.Row(top);
        var lower = plane.Row(Math.Min(top + 1, plane.Height - 1));
        var (u, v) = (x - left, y - top);
        var above = Single(upper[left]) + (u * (Single(upper[right]) - Single(upper[left])));
        var below = Single(lower[left]) + (u * (Single(lower[right]) - Single(lower[left])));
        return above + (v * (below - above));
    }

    private static float Single(T sample) => sample is byte small ? small : (ushort)(object)sample;
}
