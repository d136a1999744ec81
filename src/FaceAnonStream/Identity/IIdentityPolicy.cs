namespace FaceAnonStream.Identity;

/// <summary>Decides who each person becomes. Not thread-safe: one call at a time.</summary>
public interface IIdentityPolicy
{
    /// <summary>The identity of a track; asked once, when its first face is drawn.</summary>
    /// <param name="track">What is known of the person: never an embedding of the face.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="Faults.FaultException">There is none; the face is covered by the next rung.</exception>
    ValueTask<IdentityLatent> AssignAsync(TrackEvidence track, CancellationToken ct);

    /// <summary>Tells that a track has ended: its identity may be given to somebody else.</summary>
    void Release(int trackId);
}

/// <summary>What an identity policy may know of a person.</summary>
/// <param name="TrackId">From 1, unique within the stream.</param>
public sealed record TrackEvidence(int TrackId);
