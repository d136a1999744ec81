using System.Numerics;

namespace FaceAnonStream.Identity;

/// <summary>
/// A coarse range of skin colour, as it appears in the picture's light: the individual typology angle (A. Chardon,
/// I. Cretois, C. Hourseau, "Skin colour typology and suntanning pathways", 1991), whose six classes are taken two by two.
/// It says nothing else about a person, and is all that an identity policy learns of one's looks.
/// </summary>
public enum SkinTone
{
    /// <summary>Brown and dark: below 10 degrees.</summary>
    Dark,

    /// <summary>Tan and intermediate: 10 to 41 degrees.</summary>
    Medium,

    /// <summary>Light and very light: above 41 degrees.</summary>
    Light,
}

/// <summary>Which colours are in which range.</summary>
public static class SkinTones
{
    private const float MediumFrom = 10;
    private const float LightFrom = 41;

    /// <summary>The range that a colour is in.</summary>
    /// <param name="lab">CIE L*a*b*, D65.</param>
    public static SkinTone Of(Vector3 lab) => Angle(lab) switch
    {
        < MediumFrom => SkinTone.Dark,
        < LightFrom => SkinTone.Medium,
        _ => SkinTone.Light,
    };

    /// <summary>How many degrees a colour is outside a range; 0 inside.</summary>
    internal static float DistanceTo(SkinTone tone, Vector3 lab)
    {
        var angle = Angle(lab);
        var (low, high) = tone switch
        {
            SkinTone.Dark => (float.NegativeInfinity, MediumFrom),
            SkinTone.Medium => (MediumFrom, LightFrom),
            _ => (LightFrom, float.PositiveInfinity),
        };
        return MathF.Max(0, MathF.Max(low - angle, angle - high));
    }

    /// <summary>The individual typology angle, in degrees.</summary>
    private static float Angle(Vector3 lab) => float.RadiansToDegrees(MathF.Atan2(lab.X - 50, lab.Z));
}
