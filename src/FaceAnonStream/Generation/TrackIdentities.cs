using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Generation;

/// <summary>Who every live track is, and is becoming.</summary>
internal sealed class TrackIdentities(IIdentityPolicy policy, TimeSpan crossFade)
{
    private readonly SkinToneReader _tones = new();
    private readonly Dictionary<int, Assigned> _assigned = [];

    /// <summary>The latent of a track in a frame.</summary>
    /// <param name="trackId">The track.</param>
    /// <param name="time">When the frame is.</param>
    /// <param name="frame">Borrowed: where the first face is looked at.</param>
    /// <param name="points">The face's landmarks in it.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="Faults.FaultException">The policy has none.</exception>
    public async ValueTask<IdentityLatent> AtAsync(
        int trackId, TimeSpan time, VideoFrame frame, ReadOnlyMemory<Vector2> points, CancellationToken ct)
    {
        if (!_assigned.TryGetValue(trackId, out var assigned))
        {
            var evidence = new TrackEvidence(trackId, _tones.Read(frame, points.Span));
            assigned = new Assigned(await policy.AssignAsync(evidence, ct).ConfigureAwait(false), new LatentMotion(crossFade));
            _assigned.Add(trackId, assigned);
        }
        else if (policy.Refine(trackId) is { } refined)
        {
            assigned = assigned with { Latent = refined };
            _assigned[trackId] = assigned;
        }

        return assigned.Motion.At(time, assigned.Latent);
    }

    /// <summary>Tells that a track has ended.</summary>
    public void Release(int trackId)
    {
        if (_assigned.Remove(trackId))
        {
            policy.Release(trackId);
        }
    }

    private sealed record Assigned(IdentityLatent Latent, LatentMotion Motion);
}
