namespace FaceAnonStream.Kernels;

/// <summary>(x, y) becomes (<c>Xx·x + Xy·y + X0</c>, <c>Yx·x + Yy·y + Y0</c>). Both are indices: sample i has its centre at i.</summary>
internal readonly record struct AffineMap(double Xx, double Xy, double X0, double Yx, double Yy, double Y0)
{
    /// <summary>How far one step in any direction moves along the target's x.</summary>
    public double StepX => Math.Sqrt((Xx * Xx) + (Xy * Xy));

    /// <summary>How far one step in any direction moves along the target's y.</summary>
    public double StepY => Math.Sqrt((Yx * Yx) + (Yy * Yy));

    public (double X, double Y) Apply(double x, double y) => ((Xx * x) + (Xy * y) + X0, (Yx * x) + (Yy * y) + Y0);

    public AffineMap Inverse()
    {
        var determinant = (Xx * Yy) - (Xy * Yx);
        var (xx, xy, yx, yy) = (Yy / determinant, -Xy / determinant, -Yx / determinant, Xx / determinant);
        return new AffineMap(xx, xy, -(xx * X0) - (xy * Y0), yx, yy, -(yx * X0) - (yy * Y0));
    }

    /// <summary>The same map, whose targets are then counted in the cells of a patch.</summary>
    public AffineMap Onto(PatchAxis x, PatchAxis y)
    {
        var (originX, originY) = (x.ToCell(X0), y.ToCell(Y0));
        return new AffineMap(Xx / x.Pitch, Xy / x.Pitch, originX, Yx / y.Pitch, Yy / y.Pitch, originY);
    }
}
