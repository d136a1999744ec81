using FaceAnonStream.Identity;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Identity;

public sealed class LatentMotionTests
{
    private static readonly IdentityLatent Zero = new(new float[] { 0, 10 });
    private static readonly IdentityLatent One = new(new float[] { 1, 10 });

    [Fact]
    public void At_FirstIdentity_IsThereAtOnce() => First(Motion().At(Ms(500), One)).ShouldBe(1);

    [Fact]
    public void At_OtherIdentity_FadesWithoutAJerk()
    {
        var motion = Motion();
        motion.At(Ms(0), Zero);
        float[] values = [.. Enumerable.Range(0, 7).Select(i => First(motion.At(Ms(40 + (50 * i)), One)))];
        values.ShouldBe([0, 0.0741f, 0.2593f, 0.5f, 0.7407f, 0.9259f, 1], tolerance: 1e-4);
    }

    [Fact]
    public void At_AfterTheFade_IsTheTargetItself()
    {
        var motion = Motion();
        motion.At(Ms(0), Zero);
        motion.At(Ms(40), One).ShouldNotBeSameAs(One);
        motion.At(Ms(340), One).ShouldBeSameAs(One);
        motion.At(Ms(10000), One).ShouldBeSameAs(One);
    }

    [Fact]
    public void At_TargetChangesOnTheWay_GoesOnFromThere()
    {
        var motion = Motion();
        motion.At(Ms(0), Zero);
        motion.At(Ms(40), One);
        First(motion.At(Ms(190), One)).ShouldBe(0.5f, tolerance: 1e-4);
        First(motion.At(Ms(190), Zero)).ShouldBe(0.5f, tolerance: 1e-4);
        First(motion.At(Ms(340), Zero)).ShouldBe(0.25f, tolerance: 1e-4);
        First(motion.At(Ms(490), Zero)).ShouldBe(0);
    }

    [Fact]
    public void At_NoFade_JumpsToTheTarget()
    {
        var motion = new LatentMotion(TimeSpan.Zero);
        motion.At(Ms(0), Zero);
        motion.At(Ms(40), One).ShouldBeSameAs(One);
    }

    /// <summary>The smooth step is nowhere steeper than 1.5 per fade, whoever is asked for, and whenever.</summary>
    [Fact]
    public void At_AnyTargetsAtAnyTimes_NeverPops() => Prop.ForAll(
        Gen.Choose(0, 2000).ToArbitrary().Generator.ArrayOf(40).ToArbitrary(),
        choices =>
        {
            var motion = Motion();
            var last = First(motion.At(Ms(0), Zero));
            var time = 0;
            foreach (var choice in choices)
            {
                var step = choice % 100;
                time += step;
                var now = First(motion.At(Ms(time), choice < 1000 ? Zero : One));
                MathF.Abs(now - last).ShouldBeLessThanOrEqualTo((1.5f * step / 300) + 1e-4f);
                last = now;
            }
        }).QuickCheckThrowOnFailure();

    private static LatentMotion Motion() => new(Ms(300));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static float First(IdentityLatent latent)
    {
        latent.Values.Span[1].ShouldBe(10);
        return latent.Values.Span[0];
    }
}
