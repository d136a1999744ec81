using System.Globalization;
using FaceAnonStream.Frames;
using FaceAnonStream.Media;
using FaceAnonStream.Media.Files;
using FaceAnonStream.Media.Probing;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Files;

/// <summary>
/// Pictures before time 0, which NUT cannot say. A transport stream just before its clock's wrap is read as such.
/// </summary>
public sealed class NegativeTimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_ClipBeforeZero_KeepsEveryTime()
    {
        var path = await ClipAsync();
        var options = new MediaOptions();
        var input = await MediaProbe.ProbeAsync(path, options, TimeProvider.System, CancellationToken.None);
        input.Video.StartPts.ShouldBeLessThan(0);
        using var pool = new FramePool(input.Video.Format, 1);
        await using var source = FileSource.Open(input, pool, options, TimeProvider.System);
        List<long> times = [];
        while (await source.ReadAsync(CancellationToken.None) is { } frame)
        {
            using (frame)
            {
                times.Add(frame.Pts);
            }
        }

        times.ShouldBe(await TicksAsync(path));
    }

    [Fact]
    public async Task Run_ClipBeforeZero_KeepsTheSpacing()
    {
        var path = await ClipAsync();
        var output = _folder.File("out.mp4");
        var result = await Faceanon.RunAsync("run", path, output, "--preset", "ultrafast");
        result.ExitCode.ShouldBe(0, result.Error);
        Spacing(await TicksAsync(output)).ShouldBe(Spacing(await TicksAsync(path)));
    }

    private async Task<string> ClipAsync()
    {
        var path = _folder.File("wrap.ts");
        await Command.RunAsync(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=1", "-c:v", "libx264", "-pix_fmt", "yuv420p",
            "-output_ts_offset", "95443.2", "-muxdelay", "0", "-muxpreload", "0", path);
        return path;
    }

    private static async Task<long[]> TicksAsync(string path) =>
        [.. (await Ffprobe.VideoPtsAsync(path)).Select(packet => long.Parse(packet.Split(' ')[0], CultureInfo.InvariantCulture))];

    private static long[] Spacing(long[] times) => [.. times.Skip(1).Zip(times, (next, previous) => next - previous)];
}
