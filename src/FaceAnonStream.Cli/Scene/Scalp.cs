using System.Numerics;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Where hair grows on a head.</summary>
internal static class Scalp
{
    private const float Softness = 0.06f;
    private const float Raggedness = 0.06f;
    private const float Locks = 7;

    // Height of the hairline (-1 the crown, 1 below) by depth (-1 the face, 1 the nape): forehead, temple, sideburn, nape.
    private static ReadOnlySpan<float> Depths => [-1, -0.89f, -0.4f, -0.1f, 0.05f, 0.4f, 1];

    private static ReadOnlySpan<float> Heights => [-0.22f, -0.22f, 0.02f, 0.35f, 0.5f, 0.7f, 0.8f];

    /// <summary>How much hair there is, 0 to 1.</summary>
    /// <param name="local">A place on the head as a unit sphere.</param>
    public static float Share(Vector3 local)
    {
        var i = 1;
        while (i < Depths.Length - 1 && local.Z > Depths[i])
        {
            i++;
        }

        var t = Math.Clamp((local.Z - Depths[i - 1]) / (Depths[i] - Depths[i - 1]), 0, 1);
        var line = Heights[i - 1] + (t * (Heights[i] - Heights[i - 1])) + (Raggedness * Grain.At(local * Locks));
        return Math.Clamp(((line - local.Y) / Softness) + 0.5f, 0, 1);
    }
}
