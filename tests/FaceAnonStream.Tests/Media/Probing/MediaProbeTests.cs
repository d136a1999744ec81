using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Probing;

public sealed class MediaProbeTests
{
    [Fact]
    public async Task Probe_RotatedClip_GivesTheUprightSize()
    {
        var video = (await ProbeAsync(await TestClips.GetAsync("rotated.mp4"))).Video;
        (video.Format.Width, video.Format.Height).ShouldBe((240, 320));
        Math.Abs(video.RotationDegrees).ShouldBe(90);
    }

    [Fact]
    public async Task Probe_OddSize_IsKept()
    {
        var input = await ProbeAsync(await TestClips.GetAsync("odd420.mkv"));
        input.FormatName.ShouldContain("matroska");
        (input.Video.Format.Width, input.Video.Format.Height, input.Video.SourcePixelFormat).ShouldBe((853, 479, "yuv420p"));
        input.Video.TimeBase.ShouldBe(new Rational(1, 1000));
        input.Video.FrameRate.ShouldBe(new Rational(25, 1));
        input.Video.FrameCount.ShouldBe(25);
    }

    [Fact]
    public async Task Probe_TaggedClip_KeepsColourAndAspect()
    {
        var video = (await ProbeAsync(await TestClips.GetAsync("anamorphic.mp4"))).Video;
        video.SampleAspectRatio.ShouldBe(new Rational(16, 11));
        video.Color.ShouldBe(new StreamColor("tv", "bt709", "bt709", "bt709"));
        video.Format.Color.ShouldBe(new YuvColor(YuvMatrix.Bt709, FullRange: false));
    }

    [Fact]
    public async Task Probe_TwoAudioStreams_ListsThemWithLanguages()
    {
        var input = await ProbeAsync(await TestClips.GetAsync("two-audio.mp4"));
        input.Streams.Select(stream => (stream.Kind, stream.Codec, stream.Language)).ShouldBe(
            [(StreamKind.Video, "h264", "und"), (StreamKind.Audio, "aac", "eng"), (StreamKind.Audio, "aac", "deu")]);
    }

    [Theory]
    [InlineData("encrypted.mp4", "the video is encrypted")]
    [InlineData("sound.mp3", "no video stream (found: Audio mp3)")]
    [InlineData("captions.srt", "no video stream (found: Subtitle subrip)")]
    public async Task Probe_FileWithoutReadableVideo_IsRefused(string clip, string reason)
    {
        var path = await TestClips.GetAsync(clip);
        var fault = await Should.ThrowAsync<FaultException>(() => ProbeAsync(path));
        fault.Origin.ShouldBe(FaultOrigin.Source);
        fault.Message.ShouldBe($"{path}: {reason}");
    }

    [Fact]
    public async Task Probe_MissingProgram_IsANodeFault()
    {
        var options = new MediaOptions { Ffprobe = "/no/such/ffprobe" };
        var fault = await Should.ThrowAsync<FaultException>(
            () => MediaProbe.ProbeAsync("in.mp4", options, TimeProvider.System, CancellationToken.None));
        fault.Origin.ShouldBe(FaultOrigin.Node);
        fault.Message.ShouldContain("media.ffprobe");
    }

    private static Task<MediaInput> ProbeAsync(string path) =>
        MediaProbe.ProbeAsync(path, new MediaOptions(), TimeProvider.System, CancellationToken.None);
}
