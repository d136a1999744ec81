using FaceAnonStream.Kernels;
using FaceAnonStream.Media.Probing;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Probing;

public sealed class StreamColorTests
{
    [Theory]
    [InlineData(null, 719, YuvMatrix.Bt601)]
    [InlineData(null, 720, YuvMatrix.Bt709)]
    [InlineData("bt709", 480, YuvMatrix.Bt709)]
    [InlineData("smpte170m", 1080, YuvMatrix.Bt601)]
    [InlineData("bt470bg", 1080, YuvMatrix.Bt601)]
    [InlineData("bt2020nc", 480, YuvMatrix.Bt2020)]
    [InlineData("bt2020c", 480, YuvMatrix.Bt2020)]
    public void ToYuvColor_TagOrHeight_GivesTheMatrix(string? matrix, int height, YuvMatrix expected) =>
        StreamColor.FromNames(null, null, null, matrix).ToYuvColor(height).ShouldBe(new YuvColor(expected, FullRange: false));

    [Theory]
    [InlineData("pc", true)]
    [InlineData("tv", false)]
    [InlineData(null, false)]
    [InlineData("nonsense", false)]
    public void ToYuvColor_Range_IsFullOnlyWhenSaid(string? range, bool full) =>
        StreamColor.FromNames(range, null, null, null).ToYuvColor(480).FullRange.ShouldBe(full);

    [Theory]
    [InlineData("unknown")]
    [InlineData("reserved")]
    [InlineData("bt709,drawtext=text=x")]
    [InlineData("")]
    public void FromNames_UnknownName_IsDropped(string name) =>
        StreamColor.FromNames(name, name, name, name).ShouldBe(new StreamColor(null, null, null, null));

    [Fact]
    public void FromNames_KnownNames_AreKept() =>
        StreamColor.FromNames("pc", "bt2020", "smpte2084", "bt2020nc").ShouldBe(new StreamColor("pc", "bt2020", "smpte2084", "bt2020nc"));
}
