namespace FaceAnonStream.Frames;

/// <summary>An axis-aligned rectangle in luma pixels; pixel i covers [i, i + 1).</summary>
public readonly record struct RectF(float X, float Y, float Width, float Height)
{
    public float Right => X + Width;

    public float Bottom => Y + Height;

    public float CenterX => X + (Width / 2);

    public float CenterY => Y + (Height / 2);

    public float Area => Width * Height;

    public bool IsFinite => float.IsFinite(X) && float.IsFinite(Y) && float.IsFinite(Width) && float.IsFinite(Height);

    public static RectF FromCenter(float centerX, float centerY, float width, float height) =>
        new(centerX - (width / 2), centerY - (height / 2), width, height);

    /// <summary>The same centre, both sides multiplied by <paramref name="factor"/>.</summary>
    public RectF Scale(float factor) => FromCenter(CenterX, CenterY, Width * factor, Height * factor);

    /// <summary>The smallest rectangle that holds both.</summary>
    public RectF Union(RectF other)
    {
        var x = MathF.Min(X, other.X);
        var y = MathF.Min(Y, other.Y);
        return new RectF(x, y, MathF.Max(Right, other.Right) - x, MathF.Max(Bottom, other.Bottom) - y);
    }

    /// <summary>Intersection over union, 0 to 1.</summary>
    public float IntersectionOverUnion(RectF other)
    {
        var width = MathF.Min(Right, other.Right) - MathF.Max(X, other.X);
        var height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Y, other.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var intersection = width * height;
        return intersection / (Area + other.Area - intersection);
    }
}
