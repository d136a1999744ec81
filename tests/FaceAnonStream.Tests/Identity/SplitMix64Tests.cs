using FaceAnonStream.Identity;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Identity;

public sealed class SplitMix64Tests
{
    /// <summary>The numbers that S. Vigna's splitmix64.c gives for the seed 1234567.</summary>
    [Fact]
    public void Next_PublishedSeed_GivesThePublishedNumbers()
    {
        var random = new SplitMix64(1234567);
        ulong[] numbers = [random.Next(), random.Next(), random.Next(), random.Next(), random.Next()];
        numbers.ShouldBe([
            6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
        ]);
    }

    [Fact]
    public void NextBelow_AnySeedAndLimit_StaysBelow() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(1, 1000).ToArbitrary(), (seed, limit) =>
        {
            var random = new SplitMix64((ulong)seed);
            for (var i = 0; i < 100; i++)
            {
                random.NextBelow(limit).ShouldBeInRange(0, limit - 1);
                random.NextBetween(-2, limit).ShouldBeInRange(-2, limit);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void NextBelow_ManyDraws_ReachEveryNumberAboutEquallyOften()
    {
        var random = new SplitMix64(42);
        var counts = new int[10];
        for (var i = 0; i < 10_000; i++)
        {
            counts[random.NextBelow(10)]++;
        }

        counts.ShouldAllBe(count => count > 850 && count < 1150);
    }
}
