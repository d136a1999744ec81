namespace FaceAnonStream.Kernels;

/// <summary>A rectangle of a crop, in pixel indices, both ends included.</summary>
internal readonly record struct CropBounds(double Left, double Top, double Right, double Bottom)
{
    /// <summary>All of a crop, to the outer edges of its pixels.</summary>
    public static CropBounds Whole(int size) => new(-0.5, -0.5, size - 0.5, size - 0.5);

    /// <summary>Where a mask is not 0; null where it is 0 everywhere.</summary>
    public static CropBounds? Of(ReadOnlySpan<float> mask, int size)
    {
        var (left, top, right, bottom) = (size, -1, -1, -1);
        for (var y = 0; y < size; y++)
        {
            var row = mask.Slice(y * size, size);
            if (row.IndexOfAnyExcept(0) is var first and >= 0)
            {
                left = Math.Min(left, first);
                right = Math.Max(right, row.LastIndexOfAnyExcept(0));
                top = top < 0 ? y : top;
                bottom = y;
            }
        }

        return bottom < 0 ? null : new CropBounds(left - 0.5, top - 0.5, right + 0.5, bottom + 0.5);
    }

    public CropBounds Grow(double x, double y) => new(Left - x, Top - y, Right + x, Bottom + y);

    public CropBounds Intersect(CropBounds other) => new(
        Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

    /// <summary>The rows of a plane that have a sample inside: first, and one past the last.</summary>
    public (int First, int End) Rows(in AffineMap toPlane, int height)
    {
        var (a, b, c, d) = (toPlane.Apply(Left, Top), toPlane.Apply(Right, Top), toPlane.Apply(Left, Bottom), toPlane.Apply(Right, Bottom));
        return Clip(Math.Min(Math.Min(a.Y, b.Y), Math.Min(c.Y, d.Y)), Math.Max(Math.Max(a.Y, b.Y), Math.Max(c.Y, d.Y)), height);
    }

    /// <summary>The samples of one row that are inside: first, and one past the last.</summary>
    public (int First, int End) Columns(in AffineMap toCrop, int y, int width)
    {
        var (startX, startY) = toCrop.Apply(0, y);
        var (low, high) = (0.0, width - 1.0);
        Cut(toCrop.Xx, startX, Left, Right, ref low, ref high);
        Cut(toCrop.Yx, startY, Top, Bottom, ref low, ref high);
        return Clip(low, high, width);
    }

    /// <summary>Keeps the x for which <c>from &lt;= slope·x + start &lt;= to</c>.</summary>
    private static void Cut(double slope, double start, double from, double to, ref double low, ref double high)
    {
        // Along a row of a picture this adds up to less than a thousandth of a pixel.
        if (Math.Abs(slope) < 1e-8)
        {
            high = start >= from && start <= to ? high : double.NegativeInfinity;
            return;
        }

        var (a, b) = ((from - start) / slope, (to - start) / slope);
        low = Math.Max(low, Math.Min(a, b));
        high = Math.Min(high, Math.Max(a, b));
    }

    private static (int First, int End) Clip(double low, double high, int length)
    {
        var first = (int)Math.Clamp(Math.Ceiling(low), 0, length);
        return (first, (int)Math.Clamp(Math.Floor(high) + 1, first, length));
    }
}
