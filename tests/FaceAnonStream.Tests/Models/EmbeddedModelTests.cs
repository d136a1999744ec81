using System.Security.Cryptography;
using System.Text.RegularExpressions;
using FaceAnonStream.Faults;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Verification;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Models;

/// <summary>What holds of every model that the program carries, however it was trained.</summary>
public sealed partial class EmbeddedModelTests
{
    private const long MaxTotalBytes = 25_000_000;
    private const int Points = 144;

    public static TheoryData<string> Names => [.. EmbeddedModel.All.Select(model => model.Manifest.Name)];

    [Fact]
    public void All_HoldsOneModelForEachTask() =>
        EmbeddedModel.All.Select(model => model.Manifest.Task).ShouldBe(Enum.GetValues<ModelTask>());

    [Fact]
    public void All_Together_AreSmall() =>
        EmbeddedModel.All.SelectMany(model => model.Manifest.Files.Select(file => Length(model, file.File))).Sum()
            .ShouldBeInRange(1, MaxTotalBytes);

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_NamesTheFilesThatAreThere(string name)
    {
        var model = Find(name);
        foreach (var file in model.Manifest.Files)
        {
            using var stream = model.Open(file.File);
            Convert.ToHexStringLower(SHA256.HashData(stream)).ShouldBe(file.Sha256, file.File);
        }
    }

    [Fact]
    public void Resources_WithoutAManifestThatNamesThem_AreNone()
    {
        var named = EmbeddedModel.All.SelectMany(model =>
            (string[])[$"{model.Manifest.Name}.json", model.Manifest.Card, .. model.Manifest.Files.Select(file => file.File)]);
        typeof(EmbeddedModel).Assembly.GetManifestResourceNames().Select(path => path[(path.IndexOf('/') + 1)..])
            .ShouldBe(named, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Graphs_AreWhatTheManifestSays(string name)
    {
        var model = CatalogModel.Embedded(Find(name));
        await ModelVerifier.VerifyAsync(model, TimeProvider.System, CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Graphs_TakeAnyNumberOfFaces(string name)
    {
        var manifest = Find(name).Manifest;
        manifest.Inputs.Cast<ModelTensor>().Concat(manifest.Outputs).ShouldAllBe(tensor => tensor.Shape[0] == new Side("N"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Origin_IsToldAndLicensed(string name)
    {
        var manifest = Find(name).Manifest;
        manifest.Licence.ShouldBe("MIT");
        manifest.TrainedOn.ShouldNotBeEmpty();
        manifest.TrainedOn.ShouldAllBe(data => data.Data.Length > 0 && data.Source.Length > 0 && data.Licence.Length > 0);
        manifest.Teachers.ShouldAllBe(teacher => teacher.Name.Length > 0 && teacher.Source.Length > 0 && teacher.Licence.Length > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Card_HoldsMeasuredTables(string name)
    {
        var card = Find(name).ReadCard();
        card.ShouldStartWith("# ");
        MeasuredRow().Count(card).ShouldBeGreaterThan(0, "a table's row with a number in it");
        EmptySection().IsMatch(card).ShouldBeFalse("every section between markers must have been measured");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Card_RelativeLinks_LeadSomewhere(string name)
    {
        var folder = Path.Combine(Repository.Root, "src", "FaceAnonStream.Models", name);
        Link().Matches(Find(name).ReadCard()).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target)))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Points_AreTheSameForLandmarksAndGenerator()
    {
        var landmarks = Manifest<LandmarkManifest>();
        landmarks.Template.Points.Count.ShouldBe(Points);
        landmarks.Template.Points.Distinct().Count().ShouldBe(Points);
        landmarks.Outputs.ShouldContain(output => output.Shape.SequenceEqual(PointSides));
        var generator = Manifest<GenerationManifest>();
        generator.Template.Points.ShouldBe(landmarks.Template.Points);
        generator.Inputs.ShouldContain(input => input.Shape.SequenceEqual(PointSides));
    }

    [Fact]
    public void Latent_IsAsLongAsItsParts()
    {
        var generator = Manifest<GenerationManifest>();
        var length = new Side(generator.Template.Latent.Sum(part => part.Length));
        generator.Inputs.ShouldContain(input => input.Shape.SequenceEqual(new[] { new Side("N"), length }));
    }

    [Fact]
    public void Open_UnknownFile_IsADefect() =>
        Should.Throw<InvalidOperationException>(() => EmbeddedModel.All[0].Open("other.onnx").Length)
            .Message.ShouldEndWith("other.onnx is not embedded");

    private static Side[] PointSides => [new Side("N"), new Side(Points), new Side(2)];

    private static T Manifest<T>()
        where T : ModelManifest => EmbeddedModel.All.Select(model => model.Manifest).OfType<T>().Single();

    private static EmbeddedModel Find(string name) => EmbeddedModel.All.Single(model => model.Manifest.Name == name);

    private static long Length(EmbeddedModel model, string file)
    {
        using var stream = model.Open(file);
        return stream.Length;
    }

    [GeneratedRegex(@"^\|.*\|.*\d.*\|\s*$", RegexOptions.Multiline)]
    private static partial Regex MeasuredRow();

    [GeneratedRegex(@"<!-- (?<name>\S+) -->\s*<!-- /\k<name> -->")]
    private static partial Regex EmptySection();

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();
}
