using System.Globalization;
using FaceAnonStream.Live;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

public sealed class HlsSinkTests : IDisposable
{
    private static readonly LiveOptions Live = new() { HlsSegmentMs = 500, RetryMinMs = 50, RetryMaxMs = 200 };
    private readonly TemporaryFolder _folder = new();
    private readonly SinkRig _rig = new();

    public void Dispose()
    {
        _rig.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("cam")]
    [InlineData("-a %d b'ü")]
    public async Task Write_MoreThanTheWindow_SlidesAndPlays(string name)
    {
        var folder = _folder.File($"new {name}");
        var playlist = Path.Combine(folder, $"{name}.m3u8");
        await using var sink = _rig.Open(playlist, Live);
        await _rig.WriteManyAsync(sink, 300);
        await sink.CompleteAsync(CancellationToken.None);
        _rig.Log.States.ShouldBe([EndState.Connecting, EndState.Up], _rig.Log.Words);
        _rig.Log.Dropped.ShouldBe(0);
        var lines = await File.ReadAllLinesAsync(playlist);
        lines.ShouldContain("#EXT-X-INDEPENDENT-SEGMENTS");
        lines[^1].ShouldBe("#EXT-X-ENDLIST");
        var segments = lines.Where(line => !line.StartsWith('#')).ToArray();
        segments.Length.ShouldBe(6);
        segments.ShouldAllBe(segment => File.Exists(Path.Combine(folder, segment)));
        Directory.EnumerateFiles(folder, "*.m4s").Count().ShouldBeLessThanOrEqualTo(10);
        Directory.EnumerateFiles(folder, "*.tmp").ShouldBeEmpty();
        var durations = lines.Where(line => line.StartsWith("#EXTINF:", StringComparison.Ordinal))
            .Select(line => double.Parse(line[8..].TrimEnd(','), CultureInfo.InvariantCulture));
        durations.ShouldAllBe(seconds => seconds <= 0.6);
        (await RawClip.DecodeAsync(playlist)).Frames.Count.ShouldBe((5 * 13) + 1);
    }

    [Fact]
    public async Task Write_EncoderKilled_BeginsWithNewNamesAndLeavesNoOldOnes()
    {
        var playlist = _folder.File("cam.m3u8");
        _folder.Write("cam-notes.m4s", 1);
        _folder.Write("camera-1.m4s", 1);
        await using var sink = _rig.Open(playlist, Live);
        await using var feed = _rig.Feed(sink);
        await _rig.Until(() => File.Exists(playlist), "a segment is complete");
        var before = await NamesAsync(playlist);
        await Children.SignalAsync("KILL", _folder.Root);
        await _rig.UntilUp(2);
        _folder.Names.Intersect(before).ShouldBeEmpty();
        await _rig.Until(() => File.Exists(playlist), "a segment is complete");
        (await NamesAsync(playlist)).Intersect(before).ShouldBeEmpty();
        _folder.Names.ShouldContain("cam-notes.m4s");
        _folder.Names.ShouldContain("camera-1.m4s");
    }

    [Fact]
    public async Task Write_FolderIsAFile_KeepsTrying()
    {
        var blocker = _folder.Write("blocker", 1);
        await using var sink = _rig.Open(Path.Combine(blocker, "cam.m3u8"), Live);
        await using var feed = _rig.Feed(sink);
        await _rig.UntilAway(2);
        File.Delete(blocker);
        await _rig.UntilUp();
    }

    [Fact]
    public async Task Write_DiskFull_SaysSoAndComesBackWhenThereIsRoom()
    {
        using var disk = await TinyDisk.MountAsync(_folder.File("disk"), kilobytes: 300);
        var filler = Path.Combine(disk.Root, "filler");
        await using var sink = _rig.Open(Path.Combine(disk.Root, "cam.m3u8"), Live);
        await using var feed = _rig.Feed(sink);
        await _rig.UntilUp();
        TinyDisk.Fill(filler);
        await _rig.UntilAway(2);
        _rig.Log.Words.ToUpperInvariant().ShouldContain("NO SPACE LEFT");
        File.Delete(filler);
        await _rig.UntilUp(2);
    }

    private static async Task<string[]> NamesAsync(string playlist) =>
        [.. (await File.ReadAllTextAsync(playlist)).Split('\n', '"').Where(part => part.EndsWith(".m4s", StringComparison.Ordinal) || part.EndsWith(".mp4", StringComparison.Ordinal))];
}
