using System.Numerics;

namespace FaceAnonStream.Cli.Scene;

/// <summary>The colour of what a person is made of, in the scene's light.</summary>
/// <param name="Look">The person's colours.</param>
/// <param name="Scale">Picture pixels per face unit.</param>
/// <param name="Pixel">Side of a canvas pixel in picture pixels: grain finer than that is left out.</param>
/// <param name="Light">Towards the lamp, unit length.</param>
internal sealed record Surface(Look Look, float Scale, float Pixel, Vector3 Light)
{
    private const float SkinGrain = 0.05f;
    private const float ClothGrain = 0.03f;
    private const float StripesPerUnit = 5;
    private static readonly Vector3 Blush = new(0.022f, -0.008f, -0.008f);

    /// <summary>Half-way between the lamp and the camera: where hair shines.</summary>
    private readonly Vector3 _halfway = Vector3.Normalize(Light - Vector3.UnitZ);

    public Vector3 Of(Material material, in Hit hit) => material switch
    {
        Material.Skin => Skin(hit),
        Material.Neck => Skin(hit) * (0.8f + (0.2f * hit.Local.Y)),
        Material.Hair or Material.Scalp => Hair(hit),
        Material.Shirt => Shirt(hit),
        _ => Cloth(Look.Trousers, hit),
    };

    public Vector3 Skin(in Hit hit)
    {
        var place = hit.Place / Scale;
        var blotches = Grain.At(place * 2.2f);
        var pores = (Fine(place, 9) + Fine(place, 18)) * SkinGrain;
        var colour = Look.Skin + (blotches * Blush) + new Vector3(pores);
        return Clamp(colour * Shade(hit.Normal, 0.5f));
    }

    private Vector3 Hair(in Hit hit)
    {
        // Strands run from the crown down: fine around the head, long along it.
        var around = MathF.Atan2(hit.Local.X, hit.Local.Z);
        var strands = Fine(new Vector3(around, hit.Local.Y * 0.12f, 0), 9) + (0.8f * Fine(new Vector3(around, hit.Local.Y * 0.2f, 0.5f), 22));
        var sheen = MathF.Pow(MathF.Max(0, Vector3.Dot(hit.Normal, _halfway)), 10);
        var colour = (Look.Hair * (1 + (0.22f * strands))) + new Vector3(0.05f * sheen * (1 + strands));
        return Clamp(colour * Shade(hit.Normal, 0.5f));
    }

    private Vector3 Shirt(in Hit hit)
    {
        var place = hit.Place / Scale;
        var printed = Look.Pattern switch
        {
            ClothPattern.Stripes => Soft(MathF.Sin(place.Y * StripesPerUnit)),
            ClothPattern.Pinstripes => Soft(MathF.Sin(place.X * 2 * StripesPerUnit) - 0.8f),
            _ => 0,
        };
        return Cloth(Vector3.Lerp(Look.Shirt, Look.Trim, 0.5f * printed), hit);
    }

    private Vector3 Cloth(Vector3 colour, in Hit hit)
    {
        var place = hit.Place / Scale;
        var folds = Grain.At(place * new Vector3(0.9f, 0.45f, 0.9f)) + (0.5f * Grain.At(place * 2));
        var weave = Fine(place, 9) * ClothGrain;
        return Clamp((colour + new Vector3(weave)) * (1 + (0.09f * folds)) * Shade(hit.Normal, 0.55f));
    }

    /// <summary>Light from the lamp, and from the sky above.</summary>
    private float Shade(Vector3 normal, float ambient) =>
        ambient + ((1.08f - ambient) * MathF.Max(0, Vector3.Dot(normal, Light))) - (0.1f * normal.Y);

    /// <summary>Noise with a number of waves per face unit, fading out where waves are smaller than two pixels.</summary>
    private float Fine(Vector3 place, float waves)
    {
        var share = Math.Clamp(((Scale / (Pixel * waves)) - 1) / 2, 0, 1);
        return share > 0 ? share * Grain.At(place * waves) : 0;
    }

    /// <summary>A wave with broad crests and soft edges, 0 to 1.</summary>
    private static float Soft(float wave) => Math.Clamp((2 * wave) + 0.5f, 0, 1);

    private static Vector3 Clamp(Vector3 colour) => Vector3.Clamp(colour, Vector3.Zero, Vector3.One);
}
