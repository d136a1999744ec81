using System.Numerics;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Cli.Scene;

/// <summary>How hair is cut.</summary>
internal enum HairStyle
{
    Short,
    Long,
    Bun,
    Shaved,
}

/// <summary>What clothes are printed with.</summary>
internal enum ClothPattern
{
    Plain,
    Stripes,
    Pinstripes,
}

/// <summary>What a person looks like apart from the face. Colours are R'G'B', 0 to 1.</summary>
internal sealed record Look(
    Vector3 Skin, Vector3 Hair, HairStyle HairStyle, Vector3 Shirt, Vector3 Trim, ClothPattern Pattern, Vector3 Trousers)
{
    private static readonly Vector3[] SkinColours =
        [Rgb(0xd6ab90), Rgb(0xb98463), Rgb(0xc99a7c), Rgb(0x82563f), Rgb(0xdab39c), Rgb(0x9c6b4b), Rgb(0x684533)];

    private static readonly Vector3[] HairColours =
        [Rgb(0x3a281e), Rgb(0x1c1816), Rgb(0x8f6a43), Rgb(0x231c19), Rgb(0x7c3f26), Rgb(0x5b4030), Rgb(0x9c9894)];

    private static readonly Vector3[] ShirtColours =
        [Rgb(0x2f5d8a), Rgb(0xb5483a), Rgb(0xd9cfb8), Rgb(0x3d6b4f), Rgb(0x6a4a77), Rgb(0xc9973a), Rgb(0x2b2f38), Rgb(0x8fa9b8)];

    private static readonly Vector3[] TrouserColours = [Rgb(0x2a3347), Rgb(0x3b3833), Rgb(0x6d6353), Rgb(0x1f2226)];

    /// <summary>The look of a scene's <paramref name="index"/>-th person: neighbours differ in everything.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="shift">Where in the wardrobes the scene begins.</param>
    /// <param name="random">Decides what may be alike.</param>
    public static Look Of(int index, int shift, ref SplitMix64 random) => new(
        Vary(Pick(SkinColours, index + shift), 0.03f, ref random),
        Vary(Pick(HairColours, index + shift), 0.02f, ref random),
        (HairStyle)((index + shift) % Enum.GetValues<HairStyle>().Length),
        Vary(Pick(ShirtColours, (3 * index) + shift), 0.03f, ref random),
        Pick(ShirtColours, (3 * index) + shift + 2),
        (ClothPattern)((index + shift) % Enum.GetValues<ClothPattern>().Length),
        Pick(TrouserColours, index + shift));

    private static Vector3 Pick(Vector3[] palette, int index) => palette[index % palette.Length];

    private static Vector3 Vary(Vector3 colour, float amount, ref SplitMix64 random) =>
        colour + new Vector3(random.NextBetween(-amount, amount));

    private static Vector3 Rgb(int code) => new Vector3(code >> 16, (code >> 8) & 255, code & 255) / 255;
}
