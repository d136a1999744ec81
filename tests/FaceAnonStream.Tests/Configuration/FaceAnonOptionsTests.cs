using FaceAnonStream.Detection;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Media;
using FaceAnonStream.Redaction;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Configuration;

public class FaceAnonOptionsTests
{
    private static readonly FaceAnonOptions Wrong = new()
    {
        Detect = new DetectOptions { BatchSize = 65, MinScore = double.NaN },
        Redact = new RedactOptions { Method = (RedactionMethod)9, SolidColor = "#12345" },
        Media = new MediaOptions { Ffmpeg = "" },
    };

    [Fact]
    public void Validate_Defaults_FindsNothing() => new FaceAnonOptions().Validate().ShouldBeEmpty();

    [Fact]
    public void Validate_SeveralWrongValues_NamesEveryOne() => Wrong.Validate().ShouldBe([
        "detect.batchSize: 65; allowed 1 to 64",
        "detect.minScore: NaN; allowed 0.05 to 0.95",
        "redact.method: 9; allowed synthetic, mosaic, blur, solid",
        "redact.solidColor: #12345; allowed a colour such as #808080",
        "media.ffmpeg: nothing; allowed a path or name",
    ]);

    [Fact]
    public void Validate_OwnNames_UsesThem() =>
        Wrong.Validate(setting => $"--{setting.Key}")[0].ShouldBe("--batchSize: 65; allowed 1 to 64");

    [Fact]
    public void With_ChangedValue_LeavesTheOriginalAlone()
    {
        var original = new FaceAnonOptions { Detect = new DetectOptions { Tiles = 3 } };

        var changed = SettingCatalog.With(original, new Dictionary<Setting, object> { [SettingCatalog.Find("media.crf")] = 30 });

        changed.ShouldBe(original with { Media = original.Media with { Crf = 30 } });
        original.ShouldBe(new FaceAnonOptions { Detect = new DetectOptions { Tiles = 3 } });
    }
}
