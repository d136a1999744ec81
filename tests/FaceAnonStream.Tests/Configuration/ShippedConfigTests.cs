using System.Text.Json.Nodes;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Configuration;

public class ShippedConfigTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "configs");

    [Fact]
    public void DefaultYaml_Shipped_IsWhatTheProgramPrints() =>
        File.ReadAllText(Path.Combine(Folder, "default.yaml")).ShouldBe(DefaultYaml.Write(new FaceAnonOptions()), "run: faceanon settings > configs/default.yaml");

    [Fact]
    public void DefaultYaml_Read_EqualsTheDefaultsInCode()
    {
        var result = ConfigurationFile.Read(Path.Combine(Folder, "default.yaml"), new FaceAnonOptions());

        result.Errors.ShouldBeEmpty();
        result.Options.ShouldBe(new FaceAnonOptions());
    }

    [Fact]
    public void DefaultYaml_MentionsEverySettingOnceWithItsDescription()
    {
        var lines = DefaultYaml.Write(new FaceAnonOptions()).Split('\n');
        var prose = string.Join(' ', lines.Select(line => line.TrimStart(' ', '#')));

        lines[0].ShouldBe("# yaml-language-server: $schema=./schema.json");
        foreach (var setting in SettingCatalog.All)
        {
            lines.Count(line => line.StartsWith($"  {setting.Key}: ", StringComparison.Ordinal))
                .ShouldBe(SettingCatalog.All.Count(other => other.Key == setting.Key), setting.Path);
            prose.ShouldContain(setting.Description);
        }
    }

    [Fact]
    public void DefaultYaml_Lines_FitAHundredColumns() =>
        DefaultYaml.Write(new FaceAnonOptions()).Split('\n').ShouldAllBe(line => line.Length <= 100);

    [Fact]
    public void Schema_Shipped_IsWhatTheProgramPrints() =>
        File.ReadAllText(Path.Combine(Folder, "schema.json")).ShouldBe(JsonSchema.Write(), "run: faceanon settings --schema > configs/schema.json");

    [Fact]
    public void Schema_DescribesEverySettingAndNothingElse()
    {
        var root = JsonNode.Parse(JsonSchema.Write())!.AsObject();
        var sections = root["properties"]!.AsObject();
        var paths = sections.SelectMany(section =>
            section.Value!["properties"]!.AsObject().Select(setting => $"{section.Key}.{setting.Key}"));

        paths.ShouldBe(SettingCatalog.All.Select(setting => setting.Path));
        root["$schema"]!.GetValue<string>().ShouldBe("https://json-schema.org/draft/2020-12/schema");
        sections.Select(section => section.Value!["additionalProperties"]!.GetValue<bool>()).ShouldAllBe(extra => !extra);
    }

    [Fact]
    public void Schema_OneSettingOfEachType_HasRangeChoicesPatternAndDefault()
    {
        var sections = JsonNode.Parse(JsonSchema.Write())!["properties"]!;
        JsonNode Describe(string section, string setting) => sections[section]!["properties"]![setting]!;

        Describe("detect", "batchSize").ToJsonString().ShouldEndWith("""
            "type":"integer","minimum":1,"maximum":64,"default":4}
            """.Trim());
        Describe("detect", "tileOverlap").ToJsonString().ShouldEndWith("""
            "type":"number","minimum":0,"maximum":0.5,"default":0.15}
            """.Trim());
        Describe("redact", "method").ToJsonString().ShouldEndWith("""
            "enum":["synthetic","mosaic","blur","solid"],"default":"synthetic"}
            """.Trim());
        Describe("redact", "solidColor").ToJsonString().ShouldEndWith("""
            "type":"string","pattern":"^(?:#[0-9a-fA-F]{6})$","default":"#505050"}
            """.Trim());
    }
}
