namespace FaceAnonStream.Identity;

/// <summary>Decides who each person of one stream becomes. Not thread-safe: one call at a time.</summary>
public interface IIdentityPolicy
{
    /// <summary>
    /// The identity of a track; asked once, when its first face is drawn. The stream waits for the answer: a policy that
    /// can find a better one later gives a good one now.
    /// </summary>
    /// <param name="track">What is known of the person: never an embedding of the face.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="Faults.FaultException">There is none; the face is covered by the next rung.</exception>
    ValueTask<IdentityLatent> AssignAsync(TrackEvidence track, CancellationToken ct);

    /// <summary>
    /// A better identity for a track, found since its last one was given: the face fades to it. Null when there is none;
    /// asked for every frame of the track.
    /// </summary>
    IdentityLatent? Refine(int trackId) => null;

    /// <summary>Tells that a track has ended: its identity may be given to somebody else.</summary>
    void Release(int trackId);
}

/// <summary>What an identity policy may know of a person.</summary>
/// <param name="TrackId">From 1, unique within the stream.</param>
/// <param name="Tone">How light the face is in the picture; null where too little of it is seen.</param>
public sealed record TrackEvidence(int TrackId, SkinTone? Tone = null);
