using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Tests.Cli;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_MissingFile_SaysSo() =>
        ConfigurationFile.Read(_folder.File("none.yaml"), new FaceAnonOptions()).Errors.ShouldBe([$"{_folder.File("none.yaml")}: no such file"]);

    [Fact]
    public void Read_Directory_SaysSo() =>
        ConfigurationFile.Read(_folder.Root, new FaceAnonOptions()).Errors.ShouldBe([$"{_folder.Root}: is a directory; allowed a YAML file"]);

    [Theory]
    [InlineData(new byte[] { 0x1A, 0x45, 0xDF, 0xA3, 0x93, 0x42 })]
    [InlineData(new byte[] { 0x00, 0x00, 0x00, 0x18, 0x66, 0x74, 0x79, 0x70 })]
    public void Read_BinaryFile_SaysThatItIsNotText(byte[] content)
    {
        var path = _folder.Write("video.yaml", content);

        ConfigurationFile.Read(path, new FaceAnonOptions()).Errors.ShouldBe([$"{path}: not text in UTF-8; allowed a YAML file"]);
    }

    [Fact]
    public void Read_OneByteTooLarge_IsRefused()
    {
        var largest = new byte[ConfigurationFile.MaxBytes];
        Array.Fill(largest, (byte)'\n');
        ConfigurationFile.Read(_folder.Write("largest.yaml", largest), new FaceAnonOptions()).Errors.ShouldBeEmpty();

        var path = _folder.Write("huge.yaml", [.. largest, (byte)'\n']);
        ConfigurationFile.Read(path, new FaceAnonOptions()).Errors.ShouldBe([$"{path}: larger than 1 MiB; allowed a YAML file of settings"]);
    }

    [Fact]
    public void Read_ByteOrderMark_IsNoPartOfTheFirstKey()
    {
        var result = ConfigurationFile.Read(_folder.Write("bom.yaml", [0xEF, 0xBB, 0xBF, .. "detect:\n  tiles: 2\n"u8]), new FaceAnonOptions());

        result.Errors.ShouldBeEmpty();
        result.Options!.Detect.Tiles.ShouldBe(2);
    }
}
