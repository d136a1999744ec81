using System.Text;
using FaceAnonStream.Faults;
using FaceAnonStream.Identity;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Identity;

public sealed class IdentityKeyTests
{
    private static readonly IdentityKey Key = IdentityKey.Parse("key", "0123456789abcdef"u8);

    [Theory]
    [InlineData(0, "key.bin: a key of 0 bytes; allowed 16 to 4096")]
    [InlineData(15, "key.bin: a key of 15 bytes; allowed 16 to 4096")]
    [InlineData(4097, "key.bin: a key of 4097 bytes; allowed 16 to 4096")]
    public void Parse_WrongLength_IsRefused(int length, string message)
    {
        var fault = Should.Throw<FaultException>(() => IdentityKey.Parse("key.bin", new byte[length]));
        (fault.Origin, fault.Message).ShouldBe((FaultOrigin.Configuration, message));
    }

    [Fact]
    public void Parse_OneByteOverAndOver_IsRefused() =>
        Should.Throw<FaultException>(() => IdentityKey.Parse("key.bin", Encoding.ASCII.GetBytes(new string('x', 32)))).Message
            .ShouldBe("key.bin: a key whose bytes are all the same; allowed random bytes");

    [Theory]
    [InlineData(16)]
    [InlineData(4096)]
    public void Parse_AllowedLength_MakesAKey(int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        Numbers(IdentityKey.Parse("key.bin", content)).ShouldNotBe(Numbers(Key));
    }

    [Fact]
    public void Parse_SameContent_IsTheSameKey() =>
        Numbers(IdentityKey.Parse("other name", "0123456789abcdef"u8)).ShouldBe(Numbers(Key));

    [Fact]
    public void Parse_LineFeedAtTheEnd_IsAnotherKey() =>
        Numbers(IdentityKey.Parse("key", "0123456789abcdef\n"u8)).ShouldNotBe(Numbers(Key));

    [Fact]
    public void Random_TwoKeys_Differ() => Numbers(IdentityKey.Random()).ShouldNotBe(Numbers(IdentityKey.Random()));

    [Fact]
    public void ToString_AnyKey_HidesIt() => Key.ToString().ShouldBe("identity key (secret)");

    [Theory]
    [InlineData("b", 1, 0)]
    [InlineData("a", 2, 0)]
    [InlineData("a", 1, 1)]
    [InlineData("", 1, 0)]
    [InlineData("a\0\0\0\u0001", 1, 0)]
    public void Derive_AnythingElse_GivesOtherNumbers(string stream, int track, int attempt) =>
        Numbers(Key, stream, track, attempt).Intersect(Numbers(Key)).ShouldBeEmpty();

    /// <summary>A recording made with a key must come out the same in every release.</summary>
    [Fact]
    public void Derive_KnownKey_GivesTheNumbersOfEveryRelease() => Numbers(Key)[0].ShouldBe(5637252449720683272UL);

    private static ulong[] Numbers(IdentityKey key, string stream = "a", int track = 1, int attempt = 0)
    {
        var numbers = new ulong[8];
        key.Derive(numbers, stream, track, attempt);
        return numbers;
    }
}
