using FaceAnonStream.Frames;
using FaceAnonStream.Media.Nut;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Nut;

public sealed class NutPrimitivesTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7F")]
    [InlineData(128UL, "8100")]
    [InlineData(300UL, "822C")]
    [InlineData(16384UL, "818000")]
    [InlineData(ulong.MaxValue, "81FFFFFFFFFFFFFFFF7F")]
    public void Unsigned_KnownValue_HasKnownBytes(ulong value, string hex)
    {
        Convert.ToHexString(NutKit.Bytes(w => w.WriteUnsigned(value))).ShouldBe(hex);
        new NutReader(Convert.FromHexString(hex), 0).ReadUnsigned().ShouldBe(value);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(1, "01")]
    [InlineData(-1, "02")]
    [InlineData(2, "03")]
    [InlineData(-64, "8100")]
    public void Signed_KnownValue_HasKnownBytes(long value, string hex)
    {
        Convert.ToHexString(NutKit.Bytes(w => w.WriteSigned(value))).ShouldBe(hex);
        new NutReader(Convert.FromHexString(hex), 0).ReadSigned().ShouldBe(value);
    }

    [Theory]
    [InlineData("82808080808080808000")] // 2^64
    [InlineData("8080808080808080808000")] // zero in eleven bytes
    public void Unsigned_TooLong_IsRejected(string hex)
    {
        var error = Should.Throw<NutFormatException>(() => new NutReader(Convert.FromHexString(hex), 100).ReadUnsigned());
        error.Offset.ShouldBe(100);
        error.Message.ShouldContain("more than 64 bits");
    }

    [Fact]
    public void Reader_OutOfBytes_GivesZerosAndSaysSo()
    {
        var reader = new NutReader([0x81], 0);
        reader.ReadUnsigned().ShouldBe(0UL);
        reader.IsExhausted.ShouldBeTrue();
        reader.ReadBlock().Length.ShouldBe(0);
        reader.ReadInt("x", 3, 5).ShouldBe(3);
    }

    [Fact]
    public void Signed_AnyValue_RoundTrips() =>
        Prop.ForAll<long>(value =>
            new NutReader(NutKit.Bytes(w => w.WriteSigned(value / 2)), 0).ReadSigned() == value / 2)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("00", 0u)]
    [InlineData("01", 0x04C11DB7u)] // the generator itself
    [InlineData("02", 0x09823B6Eu)] // shifted by one
    [InlineData("313233343536373839", 0x89A1897Fu)] // "123456789": the inverse of CRC-32/CKSUM's check value
    public void Checksum_KnownBytes_HasKnownValue(string hex, uint checksum) =>
        NutChecksum.Compute(Convert.FromHexString(hex)).ShouldBe(checksum);

    [Fact]
    public void Checksum_OverBytesAndTheirChecksum_IsZero() =>
        NutChecksum.Compute(NutKit.Bytes(w =>
        {
            w.WriteBlock(NutKit.Noise(100, seed: 1));
            w.WriteChecksum(start: 0);
        })).ShouldBe(0u);

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1000, 0x3FF, 1023)] // within 64 ticks of the clock
    [InlineData(1000, 10, 1034)] // 1034 = 8 * 128 + 10
    [InlineData(0, 127, -1)]
    public void Clock_ShortForm_MeansTheNearestTime(long last, long lsb, long pts) =>
        new NutClock(new Rational(1, 25), lsbBits: 7) { LastPts = last }.FromLsb(lsb & 127).ShouldBe(pts);

    [Fact]
    public void Clock_AnyTime_RoundTrips() =>
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).Two().ToArbitrary(),
            times =>
            {
                var clock = new NutClock(new Rational(1, 25), lsbBits: 14) { LastPts = times.Item1 };
                var near = Math.Max(0, times.Item1 + (times.Item2 % 20000) - 10000L);
                return clock.Decode(clock.Encode(near)) == near
                    && clock.Decode(clock.Encode(times.Item2)) == times.Item2;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Clock_SetFromOtherTimeBase_RoundsDown()
    {
        var clock = new NutClock(new Rational(1, 25), lsbBits: 7);
        clock.TrySet(1079, new Rational(1, 1000)).ShouldBeTrue();
        clock.LastPts.ShouldBe(26);
        clock.TrySet(NutFormat.MaxPts, new Rational(int.MaxValue, 1)).ShouldBeFalse();
    }
}
