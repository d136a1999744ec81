namespace FaceAnonStream.Kernels;

/// <summary>Paints whole planes.</summary>
public static class PlaneFill
{
    /// <summary>Sets every sample of the plane to <paramref name="value"/>; samples between the rows stay.</summary>
    public static void Fill<T>(PlaneView<T> plane, T value)
        where T : unmanaged
    {
        for (var y = 0; y < plane.Height; y++)
        {
            plane.Row(y).Fill(value);
        }
    }
}
