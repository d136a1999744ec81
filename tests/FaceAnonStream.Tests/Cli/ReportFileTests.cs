using System.Text.Json;
using System.Text.Json.Nodes;
using FaceAnonStream.Cli.Reporting;
using FaceAnonStream.Faults;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Jobs;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Cli;

public sealed class ReportFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ToJson_Sample_HasExactlyThisShape()
    {
        var json = ReportFile.ToJson(FakeEngine.SampleReport, new FaceAnonOptions());

        json.Select(property => property.Key).ShouldBe([
            "schema", "program", "input", "output", "method", "frames", "outcomes", "faces", "lookAheadMs", "tracks", "failures", "dropped",
            "models", "timing", "settings",
        ]);
        Compact(json["output"]).ShouldBe("""{"path":"out.mp4","format":"mp4","sizeBytes":654321,"videoCodec":"libx264"}""");
        Compact(json["method"]).ShouldBe("\"synthetic\"");
        Compact(json["frames"]).ShouldBe("""{"decoded":480,"emitted":480}""");
        Compact(json["outcomes"]).ShouldBe("""{"noFace":100,"synthetic":300,"mosaic":68,"blur":0,"solid":2,"wholeFrame":10}""");
        Compact(json["faces"]).ShouldBe(
            """
            {"covered":900,"observed":800,"filled":100,"byLevel":{"synthetic":770,"mosaic":100,"blur":0,"solid":5,"wholeFrame":25},
            "fallbacks":{"tooSmall":60,"unconfirmed":10,"unusableLandmarks":25,"extremePose":4,"uncovered":1,"modelFailure":5}}
            """.ReplaceLineEndings(""));
        Compact(json["tracks"]).ShouldBe(
            """[{"id":1,"firstPts":9000,"lastPts":99000,"firstSeconds":0.1,"lastSeconds":1.1,"observed":25,"filled":6}]""");
        Compact(json["failures"]).ShouldBe("""[{"reason":"the detector gave values that are not finite","count":10}]""");
        Compact(json["dropped"]).ShouldBe("""[{"stream":1,"kind":"audio","reason":"voices identify people"}]""");
        Compact(json["models"]).ShouldBe("""[{"name":"yunet_n_dynamic.onnx","sha256":"104ee26c","provider":"CPU"}]""");
        Compact(json["timing"]).ShouldBe(
            """{"startedAt":"2030-01-02T03:04:05+00:00","wallSeconds":12.5,"framesPerSecond":38.4}""");
        json["input"]!["video"]!["timeBase"]!.GetValue<string>().ShouldBe("1/90000");
    }

    [Fact]
    public void ToJson_Settings_AreSpeltAsInConfigurationFiles()
    {
        var settings = ReportFile.ToJson(FakeEngine.SampleReport, new FaceAnonOptions())["settings"]!;

        foreach (var setting in SettingCatalog.All)
        {
            var keys = setting.Path.Split('.');
            settings[keys[0]]![keys[1]]!.ToString().ShouldBe(Setting.Text(setting.ValueIn(new FaceAnonOptions())), setting.Path);
        }
    }

    [Fact]
    public void Write_OverAnOlderReport_ReplacesItAndLeavesNoOtherFile()
    {
        var path = _folder.Write("r.json", [.. "old"u8]);
        var report = FakeEngine.SampleReport with { Input = FakeEngine.SampleMedia with { Path = "Straße \"1\".mp4" } };

        ReportFile.Write(path, report, new FaceAnonOptions());

        var text = File.ReadAllText(path);
        text.ShouldStartWith("{\n  \"schema\": \"faceanon-report/1\",\n");
        text.ShouldEndWith("}\n");
        text.ShouldContain("""Straße \"1\".mp4""");
        Directory.GetFileSystemEntries(_folder.Root).ShouldBe([path]);
    }

    [Fact]
    public void Write_FolderGone_IsASinkFault() =>
        Should.Throw<FaultException>(() => ReportFile.Write(_folder.File("none/r.json"), FakeEngine.SampleReport, new FaceAnonOptions()))
            .Origin.ShouldBe(FaultOrigin.Sink);

    [Fact]
    public void OutcomeCounts_Total_IsTheSum() => FakeEngine.SampleReport.Outcomes.Total().ShouldBe(480);

    private static string Compact(JsonNode? node) => node!.ToJsonString(new JsonSerializerOptions(CliJson.Readable.Options) { WriteIndented = false });
}
