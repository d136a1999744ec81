using FaceAnonStream.Inference.Catalog;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Inference.Catalog;

public sealed class ModelFoldersTests
{
    [Fact]
    public void FromEnvironment_Variable_ReplacesTheDefaults() =>
        Folders(("FACEANON_MODELS", "/a:/b::"), ("HOME", "/home/x")).ShouldBe(["/a", "/b"]);

    [Fact]
    public void FromEnvironment_DataHome_ComesBeforeTheWorkingFolder() =>
        Folders(("XDG_DATA_HOME", "/data"), ("HOME", "/home/x")).ShouldBe(["/data/faceanon/models", "models"]);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative")]
    public void FromEnvironment_NoUsableDataHome_TakesTheUsersShare(string? dataHome) =>
        Folders(("XDG_DATA_HOME", dataHome), ("HOME", "/home/x")).ShouldBe(["/home/x/.local/share/faceanon/models", "models"]);

    [Fact]
    public void FromEnvironment_NoHome_TakesTheWorkingFolder() => Folders().ShouldBe(["models"]);

    private static IReadOnlyList<string> Folders(params (string Name, string? Value)[] variables) =>
        ModelFolders.FromEnvironment(name => variables.FirstOrDefault(variable => variable.Name == name).Value).Paths;
}
