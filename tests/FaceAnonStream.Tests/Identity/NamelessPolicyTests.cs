using FaceAnonStream.Identity;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Identity;

public sealed class NamelessPolicyTests
{
    [Fact]
    public async Task Assign_AnyTrack_IsNobody()
    {
        var policy = new NamelessPolicy();
        (await policy.AssignAsync(new TrackEvidence(1), CancellationToken.None)).Values.Length.ShouldBe(0);
        policy.Release(1);
        ((IIdentityPolicy)policy).Refine(1).ShouldBeNull();
    }
}
