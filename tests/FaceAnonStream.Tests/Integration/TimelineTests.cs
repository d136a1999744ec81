using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Integration;

/// <summary>P2: every frame keeps its time, its shape and its colour; sound is dropped or untouched.</summary>
public sealed class TimelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain.mp4", "out.mp4")]
    [InlineData("vfr.mp4", "out.mp4")]
    [InlineData("vfr.mkv", "out.mkv")]
    [InlineData("tenbit.mp4", "out.mp4")]
    [InlineData("tenbit422.mov", "out.mov")]
    [InlineData("tenbit444.mkv", "out.mkv")]
    [InlineData("rotated.mp4", "out.mp4")]
    [InlineData("odd444.mp4", "out.mp4")]
    [InlineData("odd420.mkv", "out.mkv")]
    [InlineData("one.mp4", "out.mp4")]
    [InlineData("two-audio.mp4", "out.mp4")]
    [InlineData("late.mkv", "out.mkv")]
    [InlineData("b-frames.mp4", "out.mp4")]
    [InlineData("yuv444.mp4", "out.mp4")]
    [InlineData("yuv422.mp4", "out.mp4")]
    [InlineData("anamorphic.mp4", "out.mp4")]
    [InlineData("full-range.mov", "out.mp4")]
    [InlineData("rgb.mkv", "out.mkv")]
    [InlineData("twelve-bit.mkv", "out.mkv")]
    [InlineData("transport.ts", "out.ts")]
    public async Task Run_SyntheticClip_KeepsTimelineAndSound(string clip, string output) =>
        await RunAndCompareAsync(await TestClips.GetAsync(clip), _folder.File(output));

    [Theory]
    [InlineData("baseball-640x360.mp4")]
    [InlineData("classroom.mp4")]
    [InlineData("face-demographics-walking-and-pause.mp4")]
    [InlineData("face-demographics-walking.mp4")]
    [InlineData("head-pose-face-detection-female-and-male.mp4")]
    [InlineData("head-pose-face-detection-male.mp4")]
    [InlineData("one-by-one-person-detection.mp4")]
    [InlineData("street-walk.mp4")]
    [InlineData("two-men-480p.mp4")]
    [InlineData("worker-zone-detection.mp4")]
    public async Task Run_RealClip_KeepsTimelineAndSound(string clip) =>
        await RunAndCompareAsync(SharedAssets.Clip(clip), _folder.File("out.mp4"));

    [Fact]
    public async Task Run_OddSizeSubsampled_RepeatsTheLastRowAndColumn()
    {
        var output = _folder.File("out.mp4");
        await RunAsync(await TestClips.GetAsync("odd420.mkv"), output);
        var video = await Ffprobe.VideoAsync(output);
        video["width"]!.GetValue<int>().ShouldBe(854);
        video["height"]!.GetValue<int>().ShouldBe(480);
        video["pix_fmt"]!.GetValue<string>().ShouldBe("yuv420p");
    }

    [Fact]
    public async Task Run_RotatedClip_IsUpright()
    {
        var output = _folder.File("out.mp4");
        await RunAsync(await TestClips.GetAsync("rotated.mp4"), output);
        var video = await Ffprobe.VideoAsync(output);
        video["width"]!.GetValue<int>().ShouldBe(240);
        video["height"]!.GetValue<int>().ShouldBe(320);
        (video["side_data_list"]?.AsArray().Any(data => data!["rotation"] is not null) ?? false).ShouldBeFalse();
    }

    [Theory]
    [InlineData("anamorphic.mp4", "16:11", "tv", "bt709", "bt709", "bt709")]
    [InlineData("full-range.mov", "1:1", "pc", null, null, null)]
    [InlineData("rgb.mkv", "1:1", "tv", "bt709", "iec61966-2-1", "bt709")]
    public async Task Run_TaggedClip_KeepsAspectAndColour(
        string clip, string aspect, string range, string? primaries, string? transfer, string? matrix)
    {
        var output = _folder.File("out.mkv");
        await RunAsync(await TestClips.GetAsync(clip), output);
        var video = await Ffprobe.VideoAsync(output);
        video["sample_aspect_ratio"]!.GetValue<string>().ShouldBe(aspect);
        video["color_range"]!.GetValue<string>().ShouldBe(range);
        AssertTag("color_primaries", primaries);
        AssertTag("color_transfer", transfer);
        AssertTag("color_space", matrix);

        void AssertTag(string name, string? expected)
        {
            if (expected is not null)
            {
                video[name]!.GetValue<string>().ShouldBe(expected);
            }
        }
    }

    [Theory]
    [InlineData("text.mkv", "out.mkv", "subrip")]
    [InlineData("text.mp4", "out.mp4", "mov_text")]
    public async Task Run_Subtitles_AreCopiedWithTheirTimes(string clip, string output, string codec)
    {
        var input = await TestClips.GetAsync(clip);
        await RunAsync(input, _folder.File(output));
        var before = await SubtitlesAsync(input);
        (await SubtitlesAsync(_folder.File(output))).ShouldBe(before);
        before.ShouldContain("hello");
        (await Ffprobe.StreamsAsync(_folder.File(output))).ShouldContain(stream => stream["codec_name"]!.GetValue<string>() == codec);
    }

    [Fact]
    public async Task Run_SubtitlesTheContainerLacks_AreLeftOutAndReported()
    {
        var output = _folder.File("out.mp4");
        var result = await RunAsync(await TestClips.GetAsync("text.mkv"), output);
        (await Ffprobe.StreamsAsync(output)).Count.ShouldBe(1);
        result.Error.ShouldContain("subrip");
    }

    [Fact]
    public async Task Run_AudioByDefault_IsDroppedAndSaid()
    {
        var output = _folder.File("out.mp4");
        var result = await RunAsync(await TestClips.GetAsync("two-audio.mp4"), output, audio: null);
        (await Ffprobe.StreamsAsync(output)).Select(stream => stream["codec_type"]!.GetValue<string>()).ShouldBe(["video"]);
        result.Error.ShouldContain("voices identify people");
    }

    [Fact]
    public async Task Run_Metadata_PassesAnAllowList()
    {
        var input = await TestClips.GetAsync("two-audio.mp4");
        var output = _folder.File("out.mp4");
        (await Ffprobe.FormatAsync(input))["tags"]!.AsObject().Select(tag => tag.Key).ShouldContain("title");
        await RunAsync(input, output);
        var tags = (await Ffprobe.FormatAsync(output))["tags"]!.AsObject().Select(tag => tag.Key);
        tags.Except(["major_brand", "minor_version", "compatible_brands", "encoder"]).ShouldBeEmpty();
        var languages = (await Ffprobe.StreamsAsync(output)).Select(stream => stream["tags"]!["language"]!.GetValue<string>());
        languages.ShouldBe(["und", "eng", "deu"]);
    }

    [Fact]
    public async Task Run_AttachedPicture_IsDroppedAndReported()
    {
        var output = _folder.File("out.mp4");
        var report = _folder.File("report.json");
        var result = await Faceanon.RunAsync("run", SharedAssets.Clip("street-walk.mp4"), output, "--report", report);
        result.ExitCode.ShouldBe(0, result.Error);
        (await Ffprobe.StreamsAsync(output)).Count.ShouldBe(1);
        (await File.ReadAllTextAsync(report)).ShouldContain("a cover picture may show faces");
    }

    [Fact]
    public async Task Run_Mp4_PutsTheIndexFirst()
    {
        var output = _folder.File("out.mp4");
        await RunAsync(await TestClips.GetAsync("plain.mp4"), output);
        var bytes = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(output));
        bytes.IndexOf("moov", StringComparison.Ordinal).ShouldBeLessThan(bytes.IndexOf("mdat", StringComparison.Ordinal));
    }

    private static async Task RunAndCompareAsync(string input, string output)
    {
        await RunAsync(input, output);
        (await Ffprobe.VideoPtsAsync(output)).ShouldBe(await Ffprobe.VideoPtsAsync(input));
        (await Ffprobe.AudioPacketsAsync(output)).ShouldBe(await Ffprobe.AudioPacketsAsync(input));
    }

    private static async Task<CommandResult> RunAsync(string input, string output, string? audio = "copy")
    {
        string[] arguments = ["run", input, output, "--preset", "ultrafast"];
        var result = await Faceanon.RunAsync(audio is null ? arguments : [.. arguments, "--audio", audio]);
        result.ExitCode.ShouldBe(0, result.Error);
        return result;
    }

    private static Task<string> SubtitlesAsync(string path) =>
        Command.RunAsync("ffmpeg", "-v", "error", "-i", path, "-map", "0:s:0", "-f", "srt", "-");
}
