using System.Runtime.Intrinsics;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tracking;

/// <summary>
/// Boxes as vectors (centre x, centre y, ln width, ln height): there, steady motion and steady zoom are both straight
/// lines, and no line leads to a negative size.
/// </summary>
public static class BoxSpace
{
    /// <param name="box">Sides greater than 0.</param>
    public static Vector256<double> ToVector(RectF box) =>
        Vector256.Create(box.CenterX, box.CenterY, Math.Log(box.Width), Math.Log(box.Height));

    public static RectF ToBox(Vector256<double> vector) =>
        RectF.FromCenter((float)vector[0], (float)vector[1], (float)Math.Exp(vector[2]), (float)Math.Exp(vector[3]));

    /// <summary>Area in square pixels.</summary>
    public static double Area(Vector256<double> vector) => Math.Exp(vector[2] + vector[3]);
}
