namespace FaceAnonStream.Identity;

/// <summary>For generators that draw without a latent: nobody becomes anybody.</summary>
public sealed class NamelessPolicy : IIdentityPolicy
{
    private static readonly IdentityLatent Nobody = new(ReadOnlyMemory<float>.Empty);

    public ValueTask<IdentityLatent> AssignAsync(TrackEvidence track, CancellationToken ct) => ValueTask.FromResult(Nobody);

    public void Release(int trackId)
    {
    }
}
