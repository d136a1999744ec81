namespace FaceAnonStream.Kernels;

/// <summary>Which samples an ellipse and its soft edge touch, and how far they are from its centre.</summary>
/// <remarks>A sample counts with its nearest point, not its centre: a sample that touches the ellipse is inside it. A
/// radius below half a sample counts as half a sample.</remarks>
internal readonly struct SoftEllipse(Ellipse ellipse, float feather)
{
    private readonly double _radiusX = Math.Max(ellipse.RadiusX, 0.5);
    private readonly double _radiusY = Math.Max(ellipse.RadiusY, 0.5);

    public double CenterX => ellipse.CenterX;

    public double CenterY => ellipse.CenterY;

    /// <summary>Horizontal radius with the soft edge.</summary>
    public double OuterX => _radiusX * (1.0 + feather);

    /// <summary>Vertical radius with the soft edge.</summary>
    public double OuterY => _radiusY * (1.0 + feather);

    public float Feather => feather;

    /// <summary>The columns of a plane that the soft ellipse touches: first, and one past the last.</summary>
    public (int First, int End) Columns(int width) => Clip(CenterX - OuterX, CenterX + OuterX, width);

    /// <summary>The rows of a plane that the soft ellipse touches: first, and one past the last.</summary>
    public (int First, int End) Rows(int height) => Clip(CenterY - OuterY, CenterY + OuterY, height);

    /// <summary>Squared distance of a column from the centre, in radii.</summary>
    public float ColumnDistance(int x) => Distance(x, CenterX, _radiusX);

    /// <summary>Squared distance of a row from the centre, in radii.</summary>
    public float RowDistance(int y) => Distance(y, CenterY, _radiusY);

    private static (int First, int End) Clip(double from, double to, int samples) =>
        ((int)Math.Clamp(Math.Floor(from), 0, samples), (int)Math.Clamp(Math.Ceiling(to), 0, samples));

    private static float Distance(int sample, double center, double radius)
    {
        var radii = Math.Max(Math.Abs(sample + 0.5 - center) - 0.5, 0) / radius;
        return (float)(radii * radii);
    }
}
