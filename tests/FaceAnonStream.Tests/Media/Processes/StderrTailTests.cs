using System.Text;
using FaceAnonStream.Media.Processes;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Processes;

public sealed class StderrTailTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData("only line", "only line")]
    [InlineData("first\nsecond", "second")]
    [InlineData("what happened\nConversion failed!\n", "what happened")]
    [InlineData("Conversion failed!\nExiting normally, received signal 15.\n", "")]
    [InlineData("[mov,mp4,m4a @ 0x55f1c0] moov atom not found\nfile:x.mp4: Invalid data found\n", "moov atom not found")]
    [InlineData("noise\nav_interleaved_write_frame(): No space left on device\nlater\nConversion failed!", "av_interleaved_write_frame(): No space left on device")]
    [InlineData("progress\rUnknown encoder 'x'\rdone", "Unknown encoder 'x'")]
    public async Task Reason_AnyOutput_IsTheTellingLine(string output, string expected)
    {
        var tail = new StderrTail();
        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(output)));
        await tail.DrainAsync(reader);
        tail.Reason.ShouldBe(expected);
    }

    [Fact]
    public async Task Drain_LineIsTooLong_LosesItsLastWordAsAWhole()
    {
        var tail = new StderrTail();
        var secret = new string('s', 300);
        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes($"{new string('x', 200)} said rtsp://{secret}@host/ no\n")));
        await tail.DrainAsync(reader);
        tail.Reason.ShouldBe($"{new string('x', 200)} said …");
    }
}
