using System.Globalization;
using FaceAnonStream.Faults;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>A live stream into one file.</summary>
public sealed class FileLiveSinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SinkRig _rig = new();

    public void Dispose()
    {
        _rig.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("out.mp4", 1)]
    [InlineData("out.mkv", 90)]
    public async Task Write_VaryingRate_AppearsWhenCompleteAndKeepsEveryTime(string name, int ticks)
    {
        var path = _folder.File(name);
        await using var sink = _rig.Open(path);
        await _rig.WriteAsync(sink, 900_000, 903_600, 910_800, 911_700, 1_080_000, 1_083_600);
        File.Exists(path).ShouldBeFalse();
        await sink.EndOutputAsync(CancellationToken.None);
        await sink.CompleteAsync(CancellationToken.None);
        _folder.Names.ShouldBe([name]);
        _rig.Log.States.ShouldBe([EndState.Up]);
        var times = await Ffprobe.VideoPtsAsync(path);
        times.Select(packet => long.Parse(packet.Split(' ')[0], CultureInfo.InvariantCulture) * ticks)
            .ShouldBe([0, 3600, 10_800, 11_700, 180_000, 183_600]);
    }

    [Fact]
    public async Task Write_EncoderKilled_IsFinalAndLeavesNothing()
    {
        await using (var sink = _rig.Open(_folder.File("out.mkv")))
        {
            await _rig.WriteManyAsync(sink, 2);
            await Children.SignalAsync("KILL", _folder.Root);
            var fault = await Should.ThrowAsync<FaultException>(() => _rig.WriteManyAsync(sink, 1000));
            fault.Origin.ShouldBe(FaultOrigin.Sink);
            _rig.Log.States.ShouldBe([EndState.Up, EndState.Away]);
        }

        _folder.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_DiskFull_IsFinalAndSaysSo()
    {
        using var disk = await TinyDisk.MountAsync(_folder.File("disk"), kilobytes: 100);
        await using (var sink = _rig.Open(Path.Combine(disk.Root, "out.mkv")))
        {
            var fault = await Should.ThrowAsync<FaultException>(async () =>
            {
                await _rig.WriteManyAsync(sink, 500);
                await sink.CompleteAsync(CancellationToken.None);
            });
            fault.Message.ShouldContain("No space left");
        }

        Directory.EnumerateFileSystemEntries(disk.Root).ShouldBeEmpty();
    }

    [Fact]
    public void Open_FolderIsMissing_SaysSoAtOnce() =>
        Should.Throw<FaultException>(() => _rig.Open(_folder.File("none/out.mp4"))).Origin.ShouldBe(FaultOrigin.Sink);

    [Fact]
    public void Open_RtmpWithAnotherCodec_IsRefused()
    {
        var output = SinkRig.Output("rtmp://127.0.0.1/live/key1") with { Media = SinkRig.Media with { VideoCodec = "libx265" } };
        var fault = Should.Throw<FaultException>(() => LiveSink.Open(output, _rig.Log, TimeProvider.System));
        fault.Origin.ShouldBe(FaultOrigin.Configuration);
        fault.Message.ShouldBe("rtmp://127.0.0.1/live/***: RTMP takes H.264 only, not what libx265 makes; try libx264");
    }
}
