using System.Text.Json.Nodes;
using FaceAnonStream.Cli;
using FaceAnonStream.Hosting;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class ModelsCommandTests
{
    private static readonly ModelListing Installed = new(
        "yunet.onnx", "face-detection", "MIT", "/models/yunet.onnx", true, [new ModelFileListing("yunet.onnx", 322_906, new string('a', 64), true)]);

    private static readonly ModelListing Embedded = new(
        "surrogate",
        "face-generation",
        "MIT",
        null,
        false,
        [
            new ModelFileListing("surrogate.onnx", 8_442_401, new string('b', 64), false),
            new ModelFileListing("gallery.json", 1_000, new string('c', 64), true),
        ]);

    private static readonly ModelFacts Facts = new(
        Embedded,
        new LandmarkManifest
        {
            Name = "surrogate",
            Task = ModelTask.FaceLandmarks,
            Files = [new ManifestFile("surrogate.onnx", new string('b', 64))],
            Licence = "MIT",
            Inputs = [new ModelTensor { File = "surrogate.onnx", Name = "image", Type = "float32", Shape = [new Side("N"), new Side(3)], Meaning = "a crop" }],
            Outputs = [new ModelTensor { File = "surrogate.onnx", Name = "points", Type = "float32", Shape = [new Side("N"), new Side(2)], Meaning = "fractions" }],
            TrainedOn = [new TrainingData("faces", "us", "CC0-1.0")],
            Teachers = [new Teacher("mesh", "them", "Apache-2.0")],
            Card = "card.md",
            Template = new LandmarkTemplate { Crop = "square", Factor = 1.25, Size = 96, Points = [1], Topology = "mesh" },
        },
        null,
        "# Surrogate\n\nDraws faces.\n");

    [Fact]
    public async Task Models_AreATable() =>
        (await Invocation.RunAsync(new FakeEngine { Models = [Installed, Embedded] }, "models")).ShouldBe(new Invocation(0, """
               NAME        TASK             LICENCE  SIZE     SHA-256       KNOWN  WHERE
            *  yunet.onnx  face-detection   MIT      0.32 MB  aaaaaaaaaaaa  yes    /models/yunet.onnx
               surrogate   face-generation  MIT      8.44 MB  bbbbbbbbbbbb  no     embedded surrogate.onnx
                                                     0.00 MB  cccccccccccc  yes    embedded gallery.json

            """, ""));

    [Fact]
    public async Task Models_Json_HasWholeHashes()
    {
        var result = await Invocation.RunAsync(new FakeEngine { Models = [Installed] }, "models", "--json");

        JsonNode.DeepEquals(JsonNode.Parse(result.Out), JsonNode.Parse($$"""
            [{
              "name": "yunet.onnx", "task": "face-detection", "licence": "MIT", "path": "/models/yunet.onnx", "isDefault": true,
              "files": [{ "file": "yunet.onnx", "sizeBytes": 322906, "sha256": "{{new string('a', 64)}}", "isKnown": true }]
            }]
            """)).ShouldBeTrue(result.Out);
    }

    [Fact]
    public async Task Show_Model_PrintsFactsAndCard() =>
        (await Invocation.RunAsync(new FakeEngine { Facts = Facts }, "models", "show", "surrogate")).ShouldBe(new Invocation(0, $"""
            name        surrogate
            task        face-generation
            licence     MIT
            where       embedded
            used        when it is named
            file        surrogate.onnx, 8.44 MB, SHA-256 {new string('b', 64)}
            file        gallery.json, 0.00 MB, SHA-256 {new string('c', 64)}
            takes       image float32 [N, 3]: a crop
            gives       points float32 [N, 2]: fractions
            trained on  faces (us; CC0-1.0)
            taught by   mesh (them; Apache-2.0)

            # Surrogate

            Draws faces.

            """, ""));

    [Fact]
    public async Task Show_CardWithMarkers_LeavesThemOut()
    {
        var facts = Facts with { Card = "# Card\n<!-- speed -->\n| 1 ms |\n<!-- /speed -->\n" };

        (await Invocation.RunAsync(new FakeEngine { Facts = facts }, "models", "show", "surrogate")).Out.ShouldEndWith("\n# Card\n| 1 ms |\n");
    }

    [Fact]
    public async Task Show_ModelOfSeveralGraphs_SaysWhichTakesWhat()
    {
        var manifest = Facts.Manifest!;
        var facts = Facts with { Manifest = manifest with { Inputs = [.. manifest.Inputs, manifest.Inputs[0] with { File = "small.onnx" }] } };

        var lines = (await Invocation.RunAsync(new FakeEngine { Facts = facts }, "models", "show", "surrogate")).Out.Split('\n');

        lines.ShouldContain("takes       surrogate.onnx: image float32 [N, 3]: a crop");
        lines.ShouldContain("takes       small.onnx: image float32 [N, 3]: a crop");
    }

    [Fact]
    public async Task Show_PublishedModel_NamesItsPublisher()
    {
        var engine = new FakeEngine { Facts = new ModelFacts(Installed, null, "ShiqiYu/libfacedetection.train", null) };

        (await Invocation.RunAsync(engine, "models", "show", "yunet.onnx")).Out.ShouldEndWith($"""
            used          unless another is named
            file          yunet.onnx, 0.32 MB, SHA-256 {new string('a', 64)}
            published by  ShiqiYu/libfacedetection.train

            """);
    }

    [Fact]
    public async Task Show_Json_HoldsListingManifestAndCard()
    {
        var json = JsonNode.Parse((await Invocation.RunAsync(new FakeEngine { Facts = Facts }, "models", "show", "surrogate", "--json")).Out)!;

        json["model"]!["files"]![1]!["file"]!.GetValue<string>().ShouldBe("gallery.json");
        JsonNode.DeepEquals(json["manifest"], Facts.Manifest!.ToJson()).ShouldBeTrue();
        json["card"]!.GetValue<string>().ShouldBe("# Surrogate\n\nDraws faces.\n");
    }

    [Fact]
    public async Task Show_UnknownModel_SaysWhichThereAre() =>
        (await Invocation.RunAsync(new FakeEngine { Models = [Installed, Embedded] }, "models", "show", "surogate")).ShouldBe(new Invocation(
            2, "", "faceanon: surogate: no such model; allowed yunet.onnx, surrogate (did you mean surrogate?)\n"));

    [Fact]
    public async Task Verify_AllGood_PrintsALinePerModel()
    {
        var engine = new FakeEngine { Verdicts = [new ModelVerdict("a.onnx", "/m/a.onnx", null), new ModelVerdict("landmarks", null, null)] };

        (await Invocation.RunAsync(engine, "models", "verify")).ShouldBe(new Invocation(0, """
            OK      a.onnx (/m/a.onnx)
            OK      landmarks (embedded)

            """, ""));
        engine.Verified.ShouldBe(new ModelPaths(null, null, null));
    }

    [Fact]
    public async Task Verify_OneBad_SaysWhyAndFails()
    {
        var engine = new FakeEngine
        {
            Verdicts = [new ModelVerdict("a.onnx", "/m/a.onnx", "a.onnx: does not\nload"), new ModelVerdict("landmarks", null, null)],
        };

        (await Invocation.RunAsync(engine, "models", "verify", "--detector", "a", "--landmarks", "b", "--generator", "c")).ShouldBe(new Invocation(1, """
            FAILED  a.onnx (/m/a.onnx): a.onnx: does not?load
            OK      landmarks (embedded)

            """, ""));
        engine.Verified.ShouldBe(new ModelPaths("a", "b", "c"));
    }

    [Fact]
    public async Task Verify_RealEngine_TriesEveryModelOut()
    {
        var result = await Faceanon.RunBareAsync("models", "verify");

        result.ExitCode.ShouldBe(0, result.Output);
        result.Output.ShouldBe(string.Concat(EmbeddedModel.All.Select(model => $"OK      {model.Manifest.Name} (embedded)\n")));
    }

    [Fact]
    public async Task Verify_RealEngineAndNamedFiles_TriesThoseOnly()
    {
        using var folder = new TemporaryFolder();
        var landmarks = TinyPackage.Write(folder);
        var generator = folder.Write("generator.onnx");

        var result = await Faceanon.RunBareAsync(
            "models", "verify", "--landmarks", landmarks, "--generator", generator, "--detector", folder.File("none.onnx"));

        result.ExitCode.ShouldBe(1);
        result.Output.ShouldBe($"""
            FAILED  none.onnx ({folder.File("none.onnx")}): {folder.File("none.onnx")}: no such model file
            OK      tiny.onnx ({landmarks})
            FAILED  generator.onnx ({generator}): {generator}: a face-generation model needs a manifest, and there is no {folder.File("generator.json")}; name the manifest if it has another name

            """);
    }

    [Fact]
    public async Task Show_RealEngine_PrintsTheCard()
    {
        var result = await Faceanon.RunBareAsync("models", "show", "detector");

        var card = EmbeddedModel.All[0].ReadCard();
        result.Output.ShouldContain(card[..card.IndexOf("<!--", StringComparison.Ordinal)]);
        result.Output.ShouldEndWith(card[(card.LastIndexOf("-->\n", StringComparison.Ordinal) + 4)..]);
        result.Output.ShouldStartWith("name ");
    }
}
