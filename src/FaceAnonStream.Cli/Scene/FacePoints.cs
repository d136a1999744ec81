using System.Numerics;

namespace FaceAnonStream.Cli.Scene;

/// <summary>
/// Which of the 144 landmarks belong to what: the order in which every model of this project gives and takes them. Right
/// is the subject's right.
/// </summary>
internal static class FacePoints
{
    public const int Count = 144;
    public const int Forehead = 0;
    public const int Chin = 18;
    public const int NoseTip = 134;
    public const int RightMouthCorner = 88;
    public const int LeftMouthCorner = 98;

    public static Range Oval => ..36;

    public static Range RightEye => 36..52;

    public static Range LeftEye => 52..68;

    public static Range RightBrow => 68..78;

    public static Range LeftBrow => 78..88;

    public static Range OuterLips => 88..108;

    public static Range InnerLips => 108..128;

    public static Range Nose => 128..144;

    public static Vector2 Mean(ReadOnlySpan<Vector2> points)
    {
        var sum = Vector2.Zero;
        foreach (var point in points)
        {
            sum += point;
        }

        return sum / points.Length;
    }
}
