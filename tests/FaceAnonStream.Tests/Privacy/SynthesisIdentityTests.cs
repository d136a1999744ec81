using FaceAnonStream.Detection;
using FaceAnonStream.Identity;
using FaceAnonStream.Tests.Generation;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Privacy;

/// <summary>One person keeps one identity as long as the track lasts, and a later one gets another.</summary>
public sealed class SynthesisIdentityTests
{
    [Fact]
    public async Task Run_TrackLostAndFoundWithinTheHold_KeepsItsIdentity()
    {
        // 400 ms of the 1000 that a lost face is held for.
        var policy = new NumberPolicy();
        var result = await new SynthesisRig { Policy = policy, Detector = HiddenIn(20, 30) }.RunAsync();
        result.Tracks.ShouldHaveSingleItem();
        policy.Assigned.ShouldBe([1]);
        policy.Released.ShouldBeEmpty();
    }

    [Fact]
    public async Task Run_FaceThatComesBackLater_IsSomebodyElse()
    {
        // 25 frames a second: 1600 ms.
        var policy = new NumberPolicy();
        var result = await new SynthesisRig { Policy = policy, Detector = HiddenIn(10, 50), Absent = (10, 50) }.RunAsync();
        result.Tracks.Count.ShouldBe(2);
        policy.Assigned.ShouldBe([1, 2]);
        policy.Released.ShouldBe([1]);
    }

    private static ScriptedDetector HiddenIn(int from, int to) => new(frame =>
        frame.Index >= from && frame.Index < to ? [] : [new FaceDetection(NoiseFace.Box, 0.9f)]);
}
