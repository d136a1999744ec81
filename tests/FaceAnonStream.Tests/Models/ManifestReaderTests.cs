using System.Text;
using System.Text.Json.Nodes;
using FaceAnonStream.Models;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Models;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Read_Landmarks_HoldsEveryFact()
    {
        var manifest = Read(TinyPackage.Manifest()).Manifest.ShouldBeOfType<LandmarkManifest>();

        manifest.Name.ShouldBe("tiny");
        manifest.Task.ShouldBe(ModelTask.FaceLandmarks);
        manifest.Files.ShouldBe([new ManifestFile("tiny.onnx", new string('0', 64))]);
        manifest.Licence.ShouldBe("MIT");
        manifest.Card.ShouldBe("card.md");
        var input = manifest.Inputs.ShouldHaveSingleItem();
        (input.File, input.Name, input.Type, input.Meaning, input.Colour).ShouldBe(("tiny.onnx", "image", "float32", "a crop", "Y"));
        input.Shape.ShouldBe([new Side("N"), new Side(1), new Side(4), new Side(4)]);
        input.Range.ShouldBe([0d, 255d]);
        var output = manifest.Outputs.ShouldHaveSingleItem();
        (output.File, output.Name, output.Type, output.Meaning).ShouldBe(("tiny.onnx", "points", "float32", "points"));
        manifest.Template.Points.ShouldBe([10, 338, 297]);
        (manifest.Template.Factor, manifest.Template.Size, manifest.Template.Topology).ShouldBe((1.25, 4, "MediaPipe Face Mesh 468"));
        manifest.TrainedOn.ShouldBe([new TrainingData("pictures", "us", "CC0-1.0")]);
        manifest.Teachers.ShouldBe([new Teacher("mesh", "them", "Apache-2.0")]);
    }

    [Fact]
    public void Read_Generation_HoldsItsTemplate()
    {
        var template = Read(Generation()).Manifest.ShouldBeOfType<GenerationManifest>().Template;

        template.Sizes.ShouldBe([96, 192]);
        template.Gallery.ShouldBe("gallery.json");
        template.Latent.ShouldBe([new LatentPart("texture", 160), new LatentPart("identityShape", 24)]);
    }

    [Fact]
    public void ToJson_AnyManifest_IsWhatWasRead()
    {
        foreach (var json in (JsonObject[])[TinyPackage.Manifest(), Generation()])
        {
            JsonNode.DeepEquals(Read(json).Manifest!.ToJson(), json).ShouldBeTrue();
        }
    }

    [Fact]
    public void Read_OptionalKeys_MayBeAbsentOrNull()
    {
        var json = TinyPackage.Manifest();
        json["inputs"]![0]!.AsObject().Remove("range");
        json["inputs"]![0]!["colour"] = null;

        var input = Read(json).Manifest!.Inputs[0];

        input.Range.ShouldBeNull();
        input.Colour.ShouldBeNull();
    }

    [Theory]
    [InlineData("", "line 1: not JSON (")]
    [InlineData("{\n\"name\": }", "line 2: not JSON (")]
    [InlineData("""{"task": "face-landmarks", "task": "face-landmarks"}""", "not JSON (Duplicate property 'task'")]
    public void Read_NoJson_SaysWhere(string json, string start)
    {
        var problem = ManifestReader.Read(Encoding.UTF8.GetBytes(json)).Problems.ShouldHaveSingleItem();
        problem.ShouldStartWith(start);
        problem.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("[]", "not an object; allowed a manifest")]
    [InlineData("{}", "task: nothing; allowed face-detection, face-landmarks, face-generation")]
    [InlineData("""{"task": 3}""", "task: 3; allowed face-detection, face-landmarks, face-generation")]
    [InlineData("""{"task": "FaceDetection"}""", "task: \"FaceDetection\"; allowed face-detection, face-landmarks, face-generation")]
    public void Read_NoTask_SaysWhichThereAre(string json, string problem) =>
        ManifestReader.Read(Encoding.UTF8.GetBytes(json)).Problems.ShouldBe([problem]);

    [Fact]
    public void Read_SeveralThingsOfTheWrongShape_AreAllReported()
    {
        var json = TinyPackage.Manifest();
        json["colour"] = "red";
        json.Remove("licence");
        json["files"] = "tiny.onnx";
        json["outputs"]![0]!["shape"] = new JsonArray("N", 0, null);
        json["template"]!["size"] = 96.5;
        json["template"]!["side"] = 3;
        json["teachers"]![0] = "mesh";
        json["card"] = null;

        Read(json).Problems.ShouldBe(
            [
                "files: \"tiny.onnx\"; allowed a list",
                "outputs[0].shape[1]: 0; allowed a size from 1 or a symbol",
                "outputs[0].shape[2]: null; allowed a size from 1 or a symbol",
                "template.size: 96.5; allowed a whole number",
                "template.side: unknown key; allowed crop, factor, size, points, topology",
                "teachers[0]: \"mesh\"; allowed an object",
                "card: null; allowed a text",
                "colour: unknown key; allowed template, name, task, files, licence, inputs, outputs, trainedOn, teachers, card",
                "licence: is missing",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void Read_SeveralThingsThatCannotBe_AreAllReported()
    {
        var json = TinyPackage.Manifest();
        json["name"] = "a b";
        json["card"] = "../card.md";
        json["files"]!.AsArray().Add(new JsonObject { ["file"] = "/etc/passwd", ["sha256"] = "ABC" });
        json["inputs"]![0]!["type"] = "int64";
        json["inputs"]![0]!["range"] = new JsonArray(255, 0);
        json["inputs"]![0]!["colour"] = "YUV";
        json["outputs"]![0]!["file"] = "other.onnx";
        json["outputs"]![0]!["shape"] = new JsonArray();
        json["template"]!["points"] = new JsonArray(1, 1, 468);
        json["template"]!["factor"] = 0;

        Read(json).Problems.ShouldBe([
            "name: a b; allowed letters, digits, dots, dashes and underscores",
            "card: ../card.md; allowed a file name without folders",
            "files[1].file: /etc/passwd; allowed a file name without folders",
            "files[1].sha256: ABC; allowed 64 lower-case hex digits",
            "inputs[0].type: int64; allowed float32",
            "inputs[0].colour: YUV; allowed BGR, RGB, Y",
            "inputs[0].range: [255, 0]; allowed a smallest and a largest value",
            "outputs[0].file: other.onnx; allowed the ONNX files of the manifest",
            "outputs[0].shape: nothing; allowed one side or more",
            "outputs: nothing of tiny.onnx; allowed one or more",
            "template.factor: 0; allowed more than 0",
            "template.points: 3 indices; allowed one or more, distinct, from 0 to 467",
        ]);
    }

    [Fact]
    public void Read_DetectionTemplate_IsReadAndChecked()
    {
        var json = TinyPackage.Manifest();
        json["task"] = "face-detection";
        json["template"] = JsonNode.Parse("""{ "layout": "YuNet", "strides": [8, 16, 32], "alignment": 32, "score": 0.6 }""");
        var template = Read(json).Manifest.ShouldBeOfType<DetectionManifest>().Template;
        template.Strides.ShouldBe([8, 16, 32]);
        (template.Layout, template.Alignment, template.Score).ShouldBe(("YuNet", 32, 0.6));

        json["template"] = JsonNode.Parse("""{ "layout": "SSD", "strides": [16, 8], "alignment": 0, "score": -0.5 }""");
        Read(json).Problems.ShouldBe([
            "template.layout: SSD; allowed YuNet",
            "template.strides: [16, 8]; allowed ascending whole numbers from 1",
            "template.alignment: 0; allowed more than 0",
            "template.score: -0.5; allowed more than 0",
        ]);
    }

    [Theory]
    [InlineData("sizes", "[192, 96]", "template.sizes: [192, 96]; allowed ascending whole numbers from 1")]
    [InlineData("sizes", "[]", "template.sizes: []; allowed ascending whole numbers from 1")]
    [InlineData("gallery", "\"other.json\"", "template.gallery: other.json; allowed a file of the manifest")]
    [InlineData("latent", "[]", "template.latent: nothing; allowed one part or more")]
    [InlineData("latent", """[["texture"]]""", """template.latent[0]: ["texture"]; allowed a name and a length from 1""")]
    [InlineData("margin", "-1", "template.margin: -1; allowed more than 0")]
    public void Read_GenerationTemplate_IsChecked(string key, string value, string problem)
    {
        var json = Generation();
        json["template"]![key] = JsonNode.Parse(value);

        Read(json).Problems.ShouldBe([problem]);
    }

    [Theory]
    [InlineData("contract", "\"swap\"", "template.contract: swap; allowed surrogate, face-swap, inpainting")]
    [InlineData("contract", "\"inpainting\"", "template.latent: given; allowed none for inpainting")]
    [InlineData("gallery", "null", "template.gallery: nothing; allowed a file of the manifest")]
    [InlineData("fivePoints", "null", "template.fivePoints: something else; allowed five lists of indices that template.points has")]
    [InlineData("fivePoints", "[[10], [338], [297], [10, 338], [1]]", "template.fivePoints: something else; allowed five lists of indices that template.points has")]
    [InlineData("fivePoints", "[[10], [338], [297], [10, 338], []]", "template.fivePoints: something else; allowed five lists of indices that template.points has")]
    [InlineData("alignment", "null", "template.alignment: something else; allowed five places, each x and y from 0 to 1")]
    [InlineData("alignment", "[[0, 0], [1, 0], [0.5, 0.5], [0, 1], [1, 1.5]]", "template.alignment: something else; allowed five places, each x and y from 0 to 1")]
    [InlineData("alignment", "[[0, 0], [1, 0], [0.5, 0.5], [0, 1], [0]]", "template.alignment: something else; allowed five places, each x and y from 0 to 1")]
    [InlineData("alignment", "[[0, 0], [1, 0], [0.5, 0.5], [0, 1], [0, 1]]", "template.alignment: a place twice; allowed five places")]
    public void Read_OtherContracts_AreChecked(string key, string value, string problem)
    {
        var json = Generation();
        json["template"]!["contract"] = "face-swap";
        json["template"]!["fivePoints"] = JsonNode.Parse("[[10], [338], [297], [10, 338], [297, 10]]");
        json["template"]!["alignment"] = JsonNode.Parse("[[0, 0], [1, 0], [0.5, 0.5], [0, 1], [1, 1]]");
        Read(json).Problems.ShouldBeEmpty();

        json["template"]![key] = JsonNode.Parse(value);
        Read(json).Problems.ShouldBe([problem]);
    }

    [Fact]
    public void Read_NoGraph_IsSaidOnce()
    {
        var json = TinyPackage.Manifest();
        json["files"] = new JsonArray();
        json["inputs"] = new JsonArray();
        json["outputs"] = new JsonArray();

        Read(json).Problems.ShouldBe(["files: no ONNX file; allowed one or more"]);
    }

    [Fact]
    public void Read_TwoGraphs_AreForGeneratorsOnly()
    {
        var json = TinyPackage.Manifest();
        json["files"]!.AsArray().Add(new JsonObject { ["file"] = "more.onnx", ["sha256"] = new string('1', 64) });

        Read(json).Problems.ShouldBe([
            "inputs: nothing of more.onnx; allowed one or more",
            "outputs: nothing of more.onnx; allowed one or more",
            "files: 2 ONNX files; allowed one for face-landmarks",
        ]);
    }

    private static JsonObject Generation()
    {
        var json = TinyPackage.Manifest();
        json["task"] = "face-generation";
        json["files"]!.AsArray().Add(new JsonObject { ["file"] = "gallery.json", ["sha256"] = new string('1', 64) });
        json["template"] = JsonNode.Parse("""
            {
              "crop": "upright", "margin": 1.45, "sizes": [96, 192], "points": [10, 338, 297], "gallery": "gallery.json",
              "latent": [["texture", 160], ["identityShape", 24]]
            }
            """);
        return json;
    }

    private static ManifestResult Read(JsonObject json) => ManifestReader.Read(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
