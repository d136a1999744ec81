using FaceAnonStream.Media;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Files;

public sealed class EncoderArgumentsTests
{
    [Theory]
    [InlineData("libx264", 853, 479, "yuv420p", true)]
    [InlineData("libx265", 853, 480, "yuv422p", true)]
    [InlineData("hevc_nvenc", 854, 479, "yuv420p10le", true)]
    [InlineData("h264_vaapi", 853, 479, "yuv420p", true)]
    [InlineData("libx264", 854, 479, "yuv422p", false)]
    [InlineData("libx264", 853, 479, "yuv444p", false)]
    [InlineData("libx264", 854, 480, "yuv420p", false)]
    [InlineData("ffv1", 853, 479, "yuv420p", false)]
    [InlineData("libvpx_vp9", 853, 479, "yuv420p", false)]
    public void NeedsEvenSize_OddSubsampledPicture_DependsOnTheEncoder(
        string codec, int width, int height, string pixelFormat, bool expected) =>
        PictureArguments.NeedsEvenSize(Formats.Of(width, height, pixelFormat), codec).ShouldBe(expected);

    [Theory]
    [InlineData(853, 479, "yuv420p", "pad=iw+1:ih+1,fillborders=right=1:bottom=1:mode=smear,")]
    [InlineData(853, 479, "yuv422p", "pad=iw+1:ih+0,fillborders=right=1:bottom=0:mode=smear,")]
    [InlineData(854, 479, "yuv420p", "pad=iw+0:ih+1,fillborders=right=0:bottom=1:mode=smear,")]
    [InlineData(853, 479, "yuv444p", "")]
    public void For_OddSize_PadsOnlyWhatIsOdd(int width, int height, string pixelFormat, string padding) =>
        ValueOf(Arguments(Inputs.Of(width, height, pixelFormat)), "-vf")
            .ShouldBe(padding + "setparams=range=tv:color_primaries=bt709:colorspace=bt709");

    [Theory]
    [InlineData("libx264", "veryfast", 20, "veryfast", "20")]
    [InlineData("libx265", "veryfast", 20, "veryfast", "20")]
    [InlineData("libx264", "", -1, null, null)]
    [InlineData("ffv1", "veryfast", 20, null, null)]
    [InlineData("libsvtav1", "8", 30, "8", "30")]
    public void For_Quality_SendsOurDefaultsToX26xOnly(string codec, string preset, int crf, string? sentPreset, string? sentCrf)
    {
        var arguments = Arguments(Inputs.Of(), new MediaOptions { VideoCodec = codec, Preset = preset, Crf = crf });
        ValueOf(arguments, "-preset").ShouldBe(sentPreset);
        ValueOf(arguments, "-crf").ShouldBe(sentCrf);
        ValueOf(arguments, "-c:v").ShouldBe(codec);
    }

    [Theory]
    [InlineData("deu", true)]
    [InlineData("zh", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("en-GB", false)]
    [InlineData("a secret note", false)]
    [InlineData("toolonglanguage", false)]
    [InlineData("dé", false)]
    public void For_Language_PassesOnlyAsACode(string? language, bool passes)
    {
        StreamInfo[] sound = [new(1, StreamKind.Audio, "aac", "eng"), new(4, StreamKind.Audio, "aac", language)];
        var arguments = Arguments(Inputs.Of(companions: sound), new MediaOptions { Audio = AudioPolicy.Copy });
        ValueOf(arguments, "-metadata:s:1").ShouldBe("language=eng");
        ValueOf(arguments, "-metadata:s:2").ShouldBe(passes ? $"language={language}" : null);
    }

    [Fact]
    public void For_Companions_ComeFromTheOriginalFileByIndex()
    {
        StreamInfo[] sound = [new(1, StreamKind.Audio, "aac", null), new(4, StreamKind.Audio, "aac", null)];
        var arguments = Arguments(Inputs.Of(companions: sound), new MediaOptions { Audio = AudioPolicy.Copy });
        ValuesOf(arguments, "-i").ShouldBe(["pipe:0", "file:in.mp4"]);
        ValuesOf(arguments, "-map").ShouldBe(["0:v:0", "1:1", "1:4"]);
        ValuesOf(arguments, "-map_metadata").ShouldBe(["-1"]);
        ValuesOf(arguments, "-map_chapters").ShouldBe(["-1"]);
    }

    [Fact]
    public void For_NoCompanions_NeverOpensTheOriginal() => ValuesOf(Arguments(Inputs.Of()), "-i").ShouldBe(["pipe:0"]);

    [Fact]
    public void For_NegativeStart_MovesTheTimesBack() =>
        ValueOf(Arguments(Inputs.StartingAt(-3003)), "-vf")!.ShouldStartWith("setpts=round(PTS-3003*1/90000/TB),");

    [Theory]
    [InlineData("out.mp4", "mp4", "90000")]
    [InlineData("out.mov", "mov", "90000")]
    [InlineData("out.mkv", "matroska", null)]
    [InlineData("out.ts", "mpegts", null)]
    public void For_Container_SetsTheTimeBaseWhereItCan(string output, string muxer, string? timescale)
    {
        var arguments = Arguments(Inputs.Of(), output: output);
        ValuesOf(arguments, "-f").ShouldBe(["nut", muxer]);
        ValueOf(arguments, "-video_track_timescale").ShouldBe(timescale);
        ValueOf(arguments, "-fps_mode").ShouldBe("passthrough");
        ValueOf(arguments, "-enc_time_base").ShouldBe("1/90000");
        arguments[^1].ShouldBe("file:" + output);
    }

    private static string[] Arguments(MediaInput input, MediaOptions? options = null, string output = "out.mp4")
    {
        options ??= new MediaOptions();
        var container = FileFormats.ForOutput(output, options.VideoCodec);
        return [.. EncoderArguments.For(input.Video.Pictures, input.Path, CompanionStreams.Choose(input, options.Audio, container), container, options, output)];
    }

    private static string? ValueOf(string[] arguments, string option) => ValuesOf(arguments, option).SingleOrDefault();

    private static IEnumerable<string> ValuesOf(string[] arguments, string option) =>
        arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second);
}
