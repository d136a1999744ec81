using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Probing;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Probing;

public sealed class ProbeReaderTests
{
    private static ProbeStream Video => new()
    {
        CodecType = "video", CodecName = "h264", Width = 640, Height = 360, PixFmt = "yuv420p", TimeBase = "1/90000", AvgFrameRate = "30/1",
    };

    [Theory]
    [InlineData(0, 360)]
    [InlineData(640, 0)]
    [InlineData(-640, 360)]
    [InlineData(FrameFormat.MaxSide + 1, 360)]
    [InlineData(640, int.MaxValue)]
    public void Describe_AbsurdSize_IsRefused(int width, int height) =>
        Refusal(Video with { Width = width, Height = height }).ShouldContain($"{width}x{height} is not supported");

    [Theory]
    [InlineData(null)]
    [InlineData("N/A")]
    [InlineData("0/1")]
    [InlineData("1/0")]
    [InlineData("-1/25")]
    [InlineData("1/99999999999")]
    public void Describe_NoTimeBase_IsRefused(string? timeBase) =>
        Refusal(Video with { TimeBase = timeBase }).ShouldEndWith("the video has no time base");

    [Fact]
    public void Describe_UndecodablePicture_IsRefused()
    {
        Refusal(Video with { PixFmt = null }).ShouldEndWith("the h264 video cannot be decoded");
        Refusal(Video with { PixFmt = "bayer_rggb8" }).ShouldEndWith("pixel format bayer_rggb8 is not supported");
    }

    [Fact]
    public void Describe_NothingButCoverAndSound_SaysWhatWasFound()
    {
        var cover = Video with { CodecName = "png", Disposition = new() { ["attached_pic"] = 1 } };
        Refusal(cover, new ProbeStream { Index = 1, CodecType = "audio", CodecName = "mp3" })
            .ShouldEndWith("no video stream (found: AttachedPicture png, Audio mp3)");
        Refusal().ShouldEndWith("no video stream (found: nothing)");
    }

    [Theory]
    [InlineData("encv")]
    [InlineData("drmi")]
    public void Describe_EncryptedTag_IsRefused(string tag) =>
        Refusal(Video with { CodecTagString = tag }).ShouldEndWith("the video is encrypted");

    [Fact]
    public void Describe_UnknownValues_HaveDefaults()
    {
        var video = Describe(Video with
        {
            SampleAspectRatio = "N/A", AvgFrameRate = "0/0", RFrameRate = "N/A", NbFrames = "N/A", Duration = "N/A",
        }).Video;
        video.SampleAspectRatio.ShouldBe(new Rational(1, 1));
        video.FrameRate.ShouldBe(new Rational(25, 1));
        video.FrameCount.ShouldBeNull();
        video.StartPts.ShouldBe(0);
    }

    [Theory]
    [InlineData("100", "9", 100L)]
    [InlineData("0", "2.5", 75L)]
    [InlineData("N/A", "2", 60L)]
    [InlineData("-5", "-1", null)]
    [InlineData(null, "NaN", null)]
    public void Describe_FrameCount_IsAnnouncedOrEstimated(string? announced, string duration, long? expected) =>
        Describe(Video with { NbFrames = announced, Duration = duration }).Video.FrameCount.ShouldBe(expected);

    [Theory]
    [InlineData(-3003, 3003)]
    [InlineData(0, 0)]
    [InlineData(126_000, 0)]
    public void Describe_Start_IsKeptAndShiftedOnlyWhenNegative(long start, long shift)
    {
        var video = Describe(Video with { StartPts = start }).Video;
        video.StartPts.ShouldBe(start);
        video.PtsShift().ShouldBe(shift);
    }

    [Theory]
    [InlineData(-90.0, true)]
    [InlineData(90.0, true)]
    [InlineData(-270.0, true)]
    [InlineData(180.0, false)]
    [InlineData(0.0, false)]
    public void Describe_Rotation_TurnsSizeAndAspect(double rotation, bool turned)
    {
        var video = Describe(Video with { SampleAspectRatio = "16:11", SideDataList = [new ProbeSideData(), new ProbeSideData { Rotation = rotation }] }).Video;
        (video.Format.Width, video.Format.Height).ShouldBe(turned ? (360, 640) : (640, 360));
        video.SampleAspectRatio.ShouldBe(turned ? new Rational(11, 16) : new Rational(16, 11));
        video.RotationDegrees.ShouldBe((int)rotation);
    }

    [Fact]
    public void Describe_Streams_AreAllListed()
    {
        var input = Describe(
            Video with { CodecName = "mjpeg", Disposition = new() { ["timed_thumbnails"] = 1 } },
            Video with { Index = 1 },
            new ProbeStream { Index = 2, CodecType = "subtitle", CodecName = "subrip", Tags = new() { ["language"] = "deu" } },
            new ProbeStream { Index = 3, CodecType = "attachment" },
            new ProbeStream { Index = 4 });
        input.Video.Index.ShouldBe(1);
        input.Streams.ShouldBe(
        [
            new StreamInfo(0, StreamKind.AttachedPicture, "mjpeg", null),
            new StreamInfo(1, StreamKind.Video, "h264", null),
            new StreamInfo(2, StreamKind.Subtitle, "subrip", "deu"),
            new StreamInfo(3, StreamKind.Attachment, "unknown", null),
            new StreamInfo(4, StreamKind.Data, "unknown", null),
        ]);
    }

    private static MediaInput Describe(params ProbeStream[] streams) => ProbeReader.Describe("in.mp4", 1, new ProbeJson { Streams = streams });

    private static string Refusal(params ProbeStream[] streams)
    {
        var fault = Should.Throw<FaultException>(() => Describe(streams));
        fault.Origin.ShouldBe(FaultOrigin.Source);
        fault.Message.ShouldStartWith("in.mp4: ");
        return fault.Message;
    }
}
