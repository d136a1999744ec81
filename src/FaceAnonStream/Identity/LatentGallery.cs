using System.Numerics;

namespace FaceAnonStream.Identity;

/// <summary>Faces of people who do not exist, as latents of the generator that they were made for.</summary>
public class LatentGallery
{
    private readonly float[][] _members;
    private readonly IReadOnlyList<Vector3>? _tones;
    private readonly int _membersPerDraw;
    private readonly float _gamma;

    /// <param name="members">Latents to draw from, at least <paramref name="membersPerDraw"/>, all of one length.</param>
    /// <param name="tones">Mean CIE L*a*b* of each member's skin; null where it is not known.</param>
    /// <param name="membersPerDraw">k: how many an identity is usually the mean of.</param>
    /// <param name="gamma">How far such a draw is pushed away from the mean of all, above 0.</param>
    public LatentGallery(float[][] members, IReadOnlyList<Vector3>? tones, int membersPerDraw, float gamma)
    {
        _members = members;
        _tones = tones;
        _membersPerDraw = membersPerDraw;
        _gamma = gamma;
        All = new LatentPool(members);
    }

    /// <summary>Every member.</summary>
    public LatentPool All { get; }

    /// <summary>Latents to draw from.</summary>
    public int Count => All.Count;

    /// <summary>Numbers of a latent.</summary>
    public int LatentLength => All.LatentLength;

    /// <summary>The latent of one identity; see <see cref="LatentPool.Mix"/>.</summary>
    /// <param name="seed">Who: the same seed gives the same identity. For scenes of invented people only: 64 bits can be
    /// searched, so that people who exist get theirs from an <see cref="IIdentityPolicy"/>.</param>
    public float[] Draw(ulong seed)
    {
        var random = new SplitMix64(seed);
        Span<ulong> numbers = new ulong[_membersPerDraw];
        foreach (ref var number in numbers)
        {
            number = random.Next();
        }

        return All.Mix(numbers, _gamma);
    }

    /// <summary>
    /// How far the mean of <paramref name="k"/> members must be pushed away from the mean of all, so that identities differ
    /// as much as they do for the k that the gallery was tuned with: averaging shrinks differences by the root of k.
    /// </summary>
    public float GammaFor(int k) => _gamma * MathF.Sqrt((float)k / _membersPerDraw);

    /// <summary>
    /// The members whose skin is in a range of tone; the nearest others too while there are fewer than
    /// <paramref name="atLeast"/>. Every member where tones are not known.
    /// </summary>
    public LatentPool WithTone(SkinTone tone, int atLeast)
    {
        if (_tones is null)
        {
            return All;
        }

        var distances = _tones.Select(lab => SkinTones.DistanceTo(tone, lab)).ToArray();
        var reach = distances.Order().ElementAt(Math.Clamp(atLeast, 1, Count) - 1);
        return new LatentPool([.. _members.Where((_, i) => distances[i] <= reach)]);
    }
}
