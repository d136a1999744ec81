using System.Numerics;
using FaceAnonStream.Frames;
using FaceAnonStream.Media.Files;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Files;

public sealed class NutTimeTests
{
    private static readonly Gen<Rational> TimeBases =
        from numerator in Gen.Choose(1, 2000)
        from denominator in Gen.Choose(1, 1_000_000)
        select new Rational(numerator, denominator);

    /// <summary>A hundred years of ticks, either way.</summary>
    private static readonly Gen<long> Ticks =
        from high in Gen.Choose(-100_000, 100_000)
        from low in Gen.Choose(0, 1 << 24)
        select ((long)high << 24) + low;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(90, 1)]
    [InlineData(44, 0)]
    [InlineData(45, 1)]
    [InlineData(-44, 0)]
    [InlineData(-45, -1)]
    [InlineData(-90_000, -1000)]
    [InlineData(900_000_000_000_000_000, 10_000_000_000_000_000)]
    public void Rescale_FineToMilliseconds_RoundsToNearest(long ticks, long expected) =>
        NutTime.Rescale(ticks, new Rational(1, 90_000), new Rational(1, 1000)).ShouldBe(expected);

    [Fact]
    public void Rescale_ToAFinerBaseAndBack_IsExact() => Check.QuickThrowOnFailure(
        Prop.ForAll(TimeBases.ToArbitrary(), Ticks.ToArbitrary(), (timeBase, ticks) =>
        {
            for (var power = 0; power < 11; power++)
            {
                var finer = new Rational(timeBase.Numerator, timeBase.Denominator << power);
                NutTime.Rescale(NutTime.Rescale(ticks, timeBase, finer), finer, timeBase).ShouldBe(ticks);
            }
        }));

    [Fact]
    public void Rescale_AnyBases_IsOffByHalfATickAtMost() => Check.QuickThrowOnFailure(
        Prop.ForAll(TimeBases.ToArbitrary(), TimeBases.ToArbitrary(), Ticks.ToArbitrary(), (from, to, ticks) =>
        {
            var result = NutTime.Rescale(ticks, from, to);
            var exact = (BigInteger)ticks * from.Numerator * to.Denominator;
            var given = (BigInteger)result * from.Denominator * to.Numerator;
            (2 * BigInteger.Abs(exact - given)).ShouldBeLessThanOrEqualTo((BigInteger)from.Denominator * to.Numerator);
        }));

    [Fact]
    public void Rescale_NegatedTicks_GiveTheNegatedResult() => Check.QuickThrowOnFailure(
        Prop.ForAll(TimeBases.ToArbitrary(), TimeBases.ToArbitrary(), Ticks.ToArbitrary(), (from, to, ticks) =>
            NutTime.Rescale(-ticks, from, to).ShouldBe(-NutTime.Rescale(ticks, from, to))));
}
