using System.Text.Json.Nodes;
using FaceAnonStream.Frames;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Probing;

public sealed class PixelConversionTests
{
    public static TheoryData<string> Layouts => [.. PixelFormat.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void From_OwnLayout_IsLeftAlone(string name) =>
        PixelConversion.From(name).ShouldBe(new PixelConversion(name, PixelFormat.FromName(name), FromRgb: false));

    [Theory]
    [InlineData("yuvj420p", "yuv420p")]
    [InlineData("yuvj422p", "yuv422p")]
    [InlineData("yuvj444p", "yuv444p")]
    public void From_FullRangeAlias_KeepsTheAliasForTheDecoder(string alias, string target) =>
        PixelConversion.From(alias).ShouldBe(new PixelConversion(alias, PixelFormat.FromName(target), FromRgb: false));

    [Theory]
    [InlineData("")]
    [InlineData("vaapi")]
    [InlineData("bayer_rggb8")]
    [InlineData("YUV420P")]
    public void From_UnknownLayout_IsNull(string source) => PixelConversion.From(source).ShouldBeNull();

    /// <summary>ffmpeg's own table of layouts is the judge: no accepted one loses chroma samples, bits up to 10, or its kind.</summary>
    [Fact]
    public async Task From_EveryLayoutOfFfmpeg_LosesNoMoreThanBitsAboveTen()
    {
        var json = await Command.RunAsync("ffprobe", "-v", "error", "-show_pixel_formats", "-of", "json");
        var accepted = 0;
        foreach (var layout in JsonNode.Parse(json)!["pixel_formats"]!.AsArray())
        {
            var name = layout!["name"]!.GetValue<string>();
            if (PixelConversion.From(name) is not { } conversion)
            {
                continue;
            }

            accepted++;
            var isColour = layout["nb_components"]!.GetValue<int>() >= 3;
            if (isColour)
            {
                conversion.Target.ChromaShiftX.ShouldBeLessThanOrEqualTo(layout["log2_chroma_w"]?.GetValue<int>() ?? 0, name);
                conversion.Target.ChromaShiftY.ShouldBeLessThanOrEqualTo(layout["log2_chroma_h"]?.GetValue<int>() ?? 0, name);
            }

            var depth = layout["components"]!.AsArray().Max(component => component!["bit_depth"]!.GetValue<int>());
            conversion.Target.BitDepth.ShouldBeGreaterThanOrEqualTo(Math.Min(depth, 10), name);
            var flags = layout["flags"]!;
            conversion.FromRgb.ShouldBe(flags["rgb"]!.GetValue<int>() + flags["palette"]!.GetValue<int>() > 0, name);
        }

        accepted.ShouldBeGreaterThan(80);
    }
}
