using FaceAnonStream.Media;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Probing;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Files;

public sealed class CompanionStreamsTests
{
    [Theory]
    [InlineData(StreamKind.Audio, "aac", AudioPolicy.Copy, "out.mp4", null)]
    [InlineData(StreamKind.Audio, "aac", AudioPolicy.Drop, "out.mp4", "voices identify people")]
    [InlineData(StreamKind.Subtitle, "mov_text", AudioPolicy.Drop, "out.mp4", null)]
    [InlineData(StreamKind.Subtitle, "subrip", AudioPolicy.Drop, "out.MKV", null)]
    [InlineData(StreamKind.Subtitle, "subrip", AudioPolicy.Copy, "out.mp4", "subrip subtitles are no text that mp4 takes")]
    [InlineData(StreamKind.Subtitle, "ass", AudioPolicy.Copy, "out.webm", "ass subtitles are no text that webm takes")]
    [InlineData(StreamKind.Subtitle, "hdmv_pgs_subtitle", AudioPolicy.Copy, "out.mkv", "hdmv_pgs_subtitle subtitles are no text that matroska takes")]
    [InlineData(StreamKind.Video, "h264", AudioPolicy.Copy, "out.mkv", "only the first video stream is anonymised")]
    [InlineData(StreamKind.AttachedPicture, "png", AudioPolicy.Copy, "out.mkv", "a cover picture may show faces")]
    [InlineData(StreamKind.Data, "bin_data", AudioPolicy.Copy, "out.mov", "data may identify people or places")]
    [InlineData(StreamKind.Attachment, "ttf", AudioPolicy.Copy, "out.mkv", "data may identify people or places")]
    public void Choose_EachKind_IsCopiedOrLeftOutWithAReason(
        StreamKind kind, string codec, AudioPolicy audio, string output, string? reason)
    {
        var stream = new StreamInfo(1, kind, codec, null);
        var chosen = CompanionStreams.Choose(Inputs.Of(companions: stream), audio, FileFormats.ForOutput(output, "libvpx-vp9"));
        chosen.Copied.ShouldBe(reason is null ? [stream] : []);
        chosen.Omitted.ShouldBe(reason is null ? [] : [new StreamOmission(stream, reason)]);
    }

    [Fact]
    public void Choose_ProcessedVideo_IsNoCompanion()
    {
        var chosen = CompanionStreams.Choose(Inputs.Of(), AudioPolicy.Copy, FileFormats.ForOutput("out.mp4", "libx264"));
        chosen.Copied.ShouldBeEmpty();
        chosen.Omitted.ShouldBeEmpty();
    }
}
