using FaceAnonStream.Faults;

namespace FaceAnonStream.Identity;

/// <summary>
/// Gives every track the mean of k members of a gallery, pushed away from the mean of all (k-Same-Net: B. Meden, Ž. Emeršič,
/// V. Štruc, P. Peer, "k-Same-Net: k-Anonymity with Generative Deep Neural Networks for Face Deidentification", Entropy 2018).
/// <para>
/// What k means here. The members are people who do not exist, so that k protects none of them, and no subject either: it
/// keeps a surrogate from being one face of the gallery, which is published. The subject is protected because the latent
/// depends on the secret key, the stream and the track's number, and on the person at most by one of three
/// <see cref="SkinTone"/>s: all people of one tone in the picture are equally likely to have got it. That holds for the
/// latent alone; what a picture shows besides (pose, outline, light, hair) is measured, not proven.
/// </para>
/// <para>
/// One key, stream and track give the same identity in every run, whatever the timing. There is one exception: a draw that
/// looks like the identity of a track still alive is drawn again, so that who comes later may get the second draw.
/// Recordings that must not share identities need streams of different names, or keys.
/// </para>
/// </summary>
public sealed class KSamePolicy : IIdentityPolicy
{
    /// <summary>Draws for one track at most; in a small gallery full of live tracks the best of them is taken.</summary>
    public const int MaxAttempts = 32;

    /// <summary>A choice among fewer members, in k, would be hardly one.</summary>
    private const int MinPoolPerMember = 4;

    /// <summary>
    /// Least distance of two live identities, in root mean square distances of an identity from the mean. Independent
    /// identities are 1.4 apart (the root of 2); among pairs from the embedded gallery 1 in 200 is nearer than 1.1.
    /// </summary>
    private const float MinDistance = 1.1f;

    private readonly IdentityKey _key;
    private readonly string _streamId;
    private readonly int _k;
    private readonly float _gamma;
    private readonly float _minSquaredDistance;
    private readonly LatentPool _all;
    private readonly Dictionary<SkinTone, LatentPool> _pools;
    private readonly Dictionary<int, IdentityLatent> _live = [];

    /// <param name="gallery">Whom identities are made of.</param>
    /// <param name="key">Makes the choice a secret.</param>
    /// <param name="streamId">Names the stream, in any words.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: the gallery has fewer than k members.</exception>
    public KSamePolicy(LatentGallery gallery, IdentityKey key, string streamId, IdentityOptions options)
    {
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(streamId);
        ArgumentNullException.ThrowIfNull(options);
        if (options.K > gallery.Count)
        {
            throw new FaultException(
                FaultOrigin.Configuration, $"identity.k: {options.K}; allowed at most the {gallery.Count} members of the generator's gallery");
        }

        _key = key;
        _streamId = streamId;
        _k = options.K;
        _gamma = gallery.GammaFor(_k);
        _all = gallery.All;
        _pools = options.Matching == IdentityMatching.Tone
            ? Enum.GetValues<SkinTone>().ToDictionary(tone => tone, tone => gallery.WithTone(tone, MinPoolPerMember * _k))
            : [];
        var spread = MinDistance * _gamma * _all.Spread / MathF.Sqrt(_k);
        _minSquaredDistance = spread * spread;
    }

    /// <summary>Tracks that have an identity now.</summary>
    public int LiveTracks => _live.Count;

    public ValueTask<IdentityLatent> AssignAsync(TrackEvidence track, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(track);
        ct.ThrowIfCancellationRequested();
        if (!_live.TryGetValue(track.TrackId, out var latent))
        {
            latent = Choose(track);
            _live.Add(track.TrackId, latent);
        }

        return ValueTask.FromResult(latent);
    }

    public void Release(int trackId) => _live.Remove(trackId);

    /// <summary>The first draw that is far from every live identity, or the farthest of all.</summary>
    private IdentityLatent Choose(TrackEvidence track)
    {
        var pool = track.Tone is { } tone && _pools.TryGetValue(tone, out var alike) ? alike : _all;
        float[] farthest = [];
        var distance = float.NegativeInfinity;
        Span<ulong> randoms = stackalloc ulong[_k];
        for (var attempt = 0; attempt < MaxAttempts && distance < _minSquaredDistance; attempt++)
        {
            _key.Derive(randoms, _streamId, track.TrackId, attempt);
            var draw = pool.Mix(randoms, _gamma);
            var nearest = NearestLive(draw);
            if (nearest > distance)
            {
                (farthest, distance) = (draw, nearest);
            }
        }

        return new IdentityLatent(farthest);
    }

    private float NearestLive(float[] draw)
    {
        var nearest = float.PositiveInfinity;
        foreach (var latent in _live.Values)
        {
            nearest = MathF.Min(nearest, LatentDistance.Squared(draw, latent.Values.Span));
        }

        return nearest;
    }
}
