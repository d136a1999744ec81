using System.Globalization;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Redaction;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Configuration;

public class YamlReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("detect:\nmedia:\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    public void Read_NothingSet_GivesDefaults(string yaml)
    {
        var result = Read(yaml);

        result.Errors.ShouldBeEmpty();
        result.Options.ShouldBe(new FaceAnonOptions());
    }

    [Fact]
    public void Read_OneSettingOfEachType_BindsThemAndLeavesTheRest()
    {
        var result = Read("""
            detect: { batchSize: 4, minScore: 0.5 }
            redact:
              method: solid
              solidColor: "#00ff00"
            media:
              preset: 8
              crf: -1
            """);

        var defaults = new FaceAnonOptions();
        result.Errors.ShouldBeEmpty();
        result.Options.ShouldBe(defaults with
        {
            Detect = defaults.Detect with { BatchSize = 4, MinScore = 0.5 },
            Redact = defaults.Redact with { Method = RedactionMethod.Solid, SolidColor = "#00ff00" },
            Media = defaults.Media with { Preset = "8", Crf = -1 },
        });
    }

    [Theory]
    [InlineData("detct:\n  a: 1", "1: detct: unknown key; allowed detect, track, align, identity, generate, redact, media, live (did you mean detect?)")]
    [InlineData("x: 1", "1: x: unknown key; allowed detect, track, align, identity, generate, redact, media, live")]
    [InlineData("redact:\n  Cells: 2", "2: redact.Cells: unknown key; allowed method, privacy, cells, headScale, feather, solidColor (did you mean cells?)")]
    [InlineData("redact:\n  cells: 2\n  cells: 3", "3: redact.cells: given twice; allowed once (first on line 2)")]
    [InlineData("redact: {}\nredact: {}", "2: redact: given twice; allowed once (first on line 1)")]
    [InlineData("redact:\n  cells: \"2\"", "2: redact.cells: the text \"2\"; allowed a whole number from 1 to 8")]
    [InlineData("redact:\n  cells: 2.0", "2: redact.cells: 2.0; allowed a whole number from 1 to 8")]
    [InlineData("redact:\n  cells: 99999999999", "2: redact.cells: 99999999999; allowed a whole number from 1 to 8")]
    [InlineData("redact:\n  cells:", "2: redact.cells: nothing; allowed a whole number from 1 to 8")]
    [InlineData("redact:\n  cells: [1]", "2: redact.cells: a list; allowed a whole number from 1 to 8")]
    [InlineData("redact:\n  cells: {a: 1}", "2: redact.cells: a mapping; allowed a whole number from 1 to 8")]
    [InlineData("redact:\n  feather: .nan", "2: redact.feather: .nan; allowed a number from 0 to 1")]
    [InlineData("redact:\n  feather: NaN", "2: redact.feather: NaN; allowed a number from 0 to 1")]
    [InlineData("redact:\n  feather: Infinity", "2: redact.feather: Infinity; allowed a number from 0 to 1")]
    [InlineData("redact:\n  method: Blur", "2: redact.method: Blur; allowed synthetic, mosaic, blur, solid")]
    [InlineData("redact:\n  method: 1", "2: redact.method: 1; allowed synthetic, mosaic, blur, solid")]
    [InlineData("redact:\n  method: mosaic, solid", "2: redact.method: mosaic, solid; allowed synthetic, mosaic, blur, solid")]
    [InlineData("redact:\n  solidColor: red", "2: redact.solidColor: red; allowed a colour such as #808080")]
    [InlineData("redact:\n  solidColor: \"#505050\\n\"", "2: redact.solidColor: #505050?; allowed a colour such as #808080")]
    [InlineData("redact:\n  solidColor: #505050", "2: redact.solidColor: nothing; allowed a colour such as #808080 (quote an empty text or one that starts with #)")]
    [InlineData("redact:\n  cells: &a 2", "2: redact.cells: the anchor &a; allowed plain values without anchors, aliases and tags")]
    [InlineData("redact:\n  cells: *a", "2: redact.cells: the alias *a; allowed plain values without anchors, aliases and tags")]
    [InlineData("redact:\n  cells: !x 2", "2: redact.cells: the tag !x; allowed plain values without anchors, aliases and tags")]
    [InlineData("redact: &a {}", "1: redact: the anchor &a; allowed plain values without anchors, aliases and tags")]
    [InlineData("<<: {}", "1: <<: unknown key; allowed detect, track, align, identity, generate, redact, media, live")]
    [InlineData("redact: on", "1: redact: on; allowed settings such as method")]
    [InlineData("hello", "1: the file: hello; allowed sections such as detect:")]
    [InlineData("- a", "1: the file: a list; allowed sections such as detect:")]
    [InlineData("? [a]\n: 1", "1: the file: a key that is not plain text; allowed detect, track, align, identity, generate, redact, media, live")]
    [InlineData("detect:\n---\ntrack:", "2: a second document; allowed one document per file")]
    public void Read_OneMistake_SaysWhereWhatAndWhatIsAllowed(string yaml, string message) =>
        Read(yaml).Errors.ShouldBe([$"house.yaml:{message}"]);

    [Fact]
    public void Read_SeveralMistakes_ReportsEveryOne() =>
        Read("""
            detct: 1
            detect:
              batchSize: 0
              tiles: many
            redact:
              cells: 9
            """).Errors.ShouldBe([
            "house.yaml:1: detct: unknown key; allowed detect, track, align, identity, generate, redact, media, live (did you mean detect?)",
            "house.yaml:3: detect.batchSize: 0; allowed 1 to 64",
            "house.yaml:4: detect.tiles: many; allowed a whole number from 1 to 8",
            "house.yaml:6: redact.cells: 9; allowed 1 to 8",
        ]);

    [Theory]
    [InlineData("detect: [1\n", 2)]
    [InlineData("detect:\n  batchSize: \"1\n", 2)]
    [InlineData("detect: {a: 1}}\n", 1)]
    [InlineData("a: [1\nb: }", 1)]
    public void Read_NotYaml_SaysSoWithTheLine(string yaml, int line) =>
        Read(yaml).Errors.ShouldContain(error => error.StartsWith($"house.yaml:{line}: not YAML: ", StringComparison.Ordinal));

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Read_AbsurdNesting_IsRefusedEarly(char bracket) =>
        Read(new string(bracket, 100_000)).Errors[^1].ShouldBe("house.yaml:1: not YAML: nested too deeply");

    [Fact]
    public void Read_HostileCharactersInAKey_NeverReachTheTerminal() =>
        Read("\"a\\e[2Jb\\nc\": 1").Errors.ShouldBe(["house.yaml:1: a?[2Jb?c: unknown key; allowed detect, track, align, identity, generate, redact, media, live"]);

    public static TheoryData<string> EverySetting => [.. SettingCatalog.All.Select(setting => setting.Path)];

    [Theory]
    [MemberData(nameof(EverySetting))]
    public void Read_SettingAtItsLimits_IsAccepted(string path)
    {
        var setting = SettingCatalog.Find(path);
        foreach (var text in setting.Choices.Count > 0 ? setting.Choices : Limits(setting))
        {
            var result = Read(Yaml(setting, text));

            result.Errors.ShouldBeEmpty();
            Setting.Text(setting.ValueIn(result.Options!)).ShouldBe(text);
        }
    }

    [Theory]
    [MemberData(nameof(EverySetting))]
    public void Read_SettingBeyondItsLimits_SaysTheRange(string path)
    {
        var setting = SettingCatalog.Find(path);
        var step = setting.Type == typeof(int) ? 1 : 0.001;
        foreach (var text in IsNumber(setting) ? [Number(setting.Min - step), Number(setting.Max + step)] : Array.Empty<string>())
        {
            Read(Yaml(setting, text)).Errors.ShouldBe([$"house.yaml:2: {path}: {text}; allowed {Number(setting.Min)} to {Number(setting.Max)}"]);
        }
    }

    [Theory]
    [MemberData(nameof(EverySetting))]
    public void Read_SettingOfWrongType_SaysWhatIsAllowed(string path)
    {
        var setting = SettingCatalog.Find(path);
        var kind = setting.Type == typeof(int) ? "a whole number from " : setting.Type == typeof(double) ? "a number from " : "";

        Read(Yaml(setting, "[]")).Errors.ShouldBe([$"house.yaml:2: {path}: a list; allowed {kind}{setting.Allowed}"]);
        if (setting.Type != typeof(string))
        {
            Read(Yaml(setting, "wrong")).Errors.ShouldBe([$"house.yaml:2: {path}: wrong; allowed {kind}{setting.Allowed}"]);
        }
    }

    [Fact]
    public void Read_MangledFiles_GivesOptionsOrErrorsAndNothingElse()
    {
        var random = new Random(20);
        var original = DefaultYaml.Write(new FaceAnonOptions());
        const string Alphabet = "[]{}:,-?&*!|>'\"%@`# \n\t~ab01\u0085\u2028\\";
        for (var round = 0; round < 2000; round++)
        {
            var text = original.ToCharArray();
            for (var edit = random.Next(1, 8); edit > 0; edit--)
            {
                text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            }

            var start = random.Next(text.Length);
            var result = Read(new string(text, start, random.Next(text.Length - start)));

            (result.Options is null).ShouldBe(result.Errors.Count > 0);
            result.Errors.ShouldAllBe(error => !error.Any(char.IsControl));
        }
    }

    private static OptionsResult Read(string yaml) => YamlReader.Read("house.yaml", yaml, new FaceAnonOptions());

    private static string Yaml(Setting setting, string text) => $"{setting.Path.Split('.')[0]}:\n  {setting.Key}: {text}\n";

    private static bool IsNumber(Setting setting) => setting.Type == typeof(int) || setting.Type == typeof(double);

    private static string[] Limits(Setting setting) => IsNumber(setting) ? [Number(setting.Min), Number(setting.Max)] : [];

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
