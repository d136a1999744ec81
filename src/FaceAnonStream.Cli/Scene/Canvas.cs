using System.Numerics;

namespace FaceAnonStream.Cli.Scene;

/// <summary>A picture in the making: three planes of R'G'B', 0 to 1.</summary>
internal sealed class Canvas
{
    /// <summary>Red, green, blue.</summary>
    public const int PlaneCount = 3;

    private readonly float[] _red;
    private readonly float[] _green;
    private readonly float[] _blue;

    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    public Canvas(int width, int height)
    {
        Width = width;
        Height = height;
        _red = new float[width * height];
        _green = new float[width * height];
        _blue = new float[width * height];
    }

    public int Width { get; }

    public int Height { get; }

    public Vector3 this[int x, int y]
    {
        get
        {
            var at = (y * Width) + x;
            return new Vector3(_red[at], _green[at], _blue[at]);
        }

        set
        {
            var at = (y * Width) + x;
            _red[at] = value.X;
            _green[at] = value.Y;
            _blue[at] = value.Z;
        }
    }

    /// <summary>The plane of red (0), green (1) or blue (2), row by row.</summary>
    public Span<float> Plane(int colour) => colour switch
    {
        0 => _red,
        1 => _green,
        _ => _blue,
    };

    /// <summary>Mixes a colour into a pixel.</summary>
    public void Blend(int x, int y, Vector3 colour, float share) => this[x, y] = Vector3.Lerp(this[x, y], colour, share);

    /// <summary>The colour at a place, linear between pixel centres; beyond the edge, the edge's.</summary>
    public Vector3 Sample(Vector2 point)
    {
        var x = Math.Clamp(point.X - 0.5f, 0, Width - 1);
        var y = Math.Clamp(point.Y - 0.5f, 0, Height - 1);
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, Width - 1), Math.Min(top + 1, Height - 1));
        return Vector3.Lerp(
            Vector3.Lerp(this[left, top], this[right, top], x - left),
            Vector3.Lerp(this[left, bottom], this[right, bottom], x - left),
            y - top);
    }
}
