using System.Globalization;
using FaceAnonStream.Live;
using FaceAnonStream.Media.Live;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>Recordings, file after file.</summary>
public sealed class RecordingSinkTests : IDisposable
{
    private static readonly LiveOptions Live = new() { RecordSegmentSeconds = 1, RetryMinMs = 50, RetryMaxMs = 200 };
    private readonly TemporaryFolder _folder = new();
    private readonly SinkRig _rig = new();

    private string Target => _folder.Root + "/";

    private string[] Visible => [.. _folder.Names.Where(name => !name.StartsWith('.'))];

    private string[] Hidden => [.. _folder.Names.Where(name => name.EndsWith(".partial", StringComparison.Ordinal))];

    public void Dispose()
    {
        _rig.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Write_ThreeAndAHalfSeconds_GivesFourPlayableFilesInOrder()
    {
        await using var sink = _rig.Open(Target, Live);
        await _rig.WriteManyAsync(sink, 88);
        Hidden.Length.ShouldBeGreaterThan(0);
        await sink.CompleteAsync(CancellationToken.None);
        Hidden.ShouldBeEmpty();
        _rig.Log.Words.Trim().ShouldBeEmpty();
        _rig.Log.Dropped.ShouldBe(0);
        List<int> counts = [];
        foreach (var name in Visible)
        {
            RecordingName.Parse(name).ShouldNotBeNull(name);
            counts.Add((await RawClip.DecodeAsync(_folder.File(name))).Frames.Count);
        }

        counts.ShouldBe([25, 25, 25, 13]);
        var begins = Visible.Select(name => RecordingName.Parse(name)!.Value).ToArray();
        (begins[3] - begins[0]).TotalSeconds.ShouldBe(3, tolerance: 1);
    }

    [Fact]
    public async Task Write_EncoderKilled_KeepsWhatItHadUnderANameThatSaysSo()
    {
        await using var sink = _rig.Open(Target, Live with { RecordSegmentSeconds = 60 });
        await using var feed = _rig.Feed(sink);
        await _rig.Until(() => Hidden.Length == 1 && new FileInfo(_folder.File(Hidden[0])).Length > 100_000, "some of the recording is on disk");
        Visible.ShouldBeEmpty();
        await Children.SignalAsync("KILL", _folder.Root);
        await _rig.UntilUp(2);
        var kept = Visible.ShouldHaveSingleItem();
        kept.ShouldEndWith(".incomplete.mkv");
        (await RawClip.DecodeAsync(_folder.File(kept))).Frames.Count.ShouldBeGreaterThan(10);
        await feed.StopAsync();
        await sink.CompleteAsync(CancellationToken.None);
        Visible.Length.ShouldBe(2);
        Hidden.ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_LeftoversOfACrash_GetANameAtTheNextStart()
    {
        var leftover = _folder.Write(".2026-01-02T03-04-05Z_60s_000002.mkv.partial", 1, 2, 3);
        File.SetLastWriteTimeUtc(leftover, new DateTime(2026, 1, 2, 3, 6, 50, DateTimeKind.Utc));
        _folder.Write(".2026-01-02T03-04-05Z_60s_000003.mkv.partial");
        _folder.Write(".other.mkv.partial", 1);
        _folder.Write("2026-01-02T03-06-05Z.incomplete.mkv", 9);
        await using var sink = _rig.Open(Target, Live);
        await _rig.WriteManyAsync(sink, 1);
        File.ReadAllBytes(_folder.File("2026-01-02T03-06-05Z-2.incomplete.mkv")).ShouldBe([1, 2, 3]);
        File.ReadAllBytes(_folder.File("2026-01-02T03-06-05Z.incomplete.mkv")).ShouldBe([9]);
        Hidden.ShouldNotContain(name => name.StartsWith(".2026-01-02", StringComparison.Ordinal));
        Hidden.ShouldContain(".other.mkv.partial");
    }

    [Fact]
    public async Task Write_FolderIsInUse_WaitsAndTouchesNothing()
    {
        await using var first = _rig.Open(Target, Live with { RecordSegmentSeconds = 60 });
        await _rig.WriteManyAsync(first, 5);
        var before = Hidden;
        using var otherRig = new SinkRig();
        await using (var second = otherRig.Open(Target, Live))
        {
            await using var feed = otherRig.Feed(second);
            await otherRig.UntilAway(2);
            Hidden.ShouldBe(before);
            await first.CompleteAsync(CancellationToken.None);
            await otherRig.UntilUp();
        }
    }

    [Fact]
    public async Task Write_KeepHours_DeletesOldRecordingsOfOursOnly()
    {
        string[] others = ["2001-01-01T00-00-00Z.mp4", "2001-01-01.mkv", "holiday.mkv", "x2001-01-01T00-00-00Z.mkv"];
        foreach (var name in others)
        {
            _folder.Write(name, 1);
        }

        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var young = RecordingName.Of(now.AddHours(-23), again: 0, isComplete: true);
        _folder.Write(young, 1);
        _folder.Write(RecordingName.Of(now.AddHours(-25), again: 0, isComplete: true), 1);
        _folder.Write(RecordingName.Of(now.AddHours(-25), again: 1, isComplete: false), 1);
        await using var sink = _rig.Open(Target, Live with { RecordKeepHours = 24 }, new Clock(now));
        await _rig.WriteManyAsync(sink, 1);
        await sink.CompleteAsync(CancellationToken.None);
        Visible.ShouldBe([.. others, young, RecordingName.Of(now.AddSeconds(-1), again: 0, isComplete: true)], ignoreOrder: true);
    }

    [Fact]
    public async Task Write_OldFilesCannotBeTouched_RecordsAndDeletesTheOthers()
    {
        var old = RecordingName.Of(DateTimeOffset.UnixEpoch.AddDays(1), again: 0, isComplete: true);
        using var expired = await PinnedFile.MountAsync(_folder.Write(old, 1));
        using var leftover = await PinnedFile.MountAsync(_folder.Write(".2001-01-02T03-04-05Z_60s_000003.mkv.partial"));
        _folder.Write(RecordingName.Of(DateTimeOffset.UnixEpoch.AddDays(2), again: 0, isComplete: true), 1);
        await using var sink = _rig.Open(Target, Live with { RecordKeepHours = 24 });
        await _rig.WriteManyAsync(sink, 30);
        await sink.CompleteAsync(CancellationToken.None);
        _rig.Log.Words.Trim().ShouldBeEmpty();
        Hidden.ShouldHaveSingleItem();
        Visible.Length.ShouldBe(3);
        Visible.ShouldContain(old);
    }

    [Fact]
    public async Task Write_DiskFull_PublishesNothingCutAndComesBackWhenThereIsRoom()
    {
        using var disk = await TinyDisk.MountAsync(_folder.File("disk"), kilobytes: 500);
        await using var sink = _rig.Open(disk.Root + "/", Live);
        await using var feed = _rig.Feed(sink);
        await _rig.UntilAway();
        _rig.Log.Words.ToUpperInvariant().ShouldContain("NO SPACE LEFT");
        await _rig.UntilAway(4);
        await feed.StopAsync();
        var names = Directory.EnumerateFiles(disk.Root, "*.mkv").ToArray();
        foreach (var name in names.Where(name => !name.Contains("incomplete", StringComparison.Ordinal)))
        {
            (await RawClip.DecodeAsync(name)).Frames.Count.ShouldBe(25, name);
        }

        names.Count(name => name.Contains("incomplete", StringComparison.Ordinal)).ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Hear_FileIsListed_IsPublishedOnlyWhenTheNextHasBegun(bool begins)
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var time = new Clock(now);
        var session = new RecordingFolder(_folder.Root, Live, time).Begin();
        var first = RecordingName.HiddenPattern(now, 1).Replace("%06d", "000000", StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(_folder.Write(first, 1), now.UtcDateTime.AddSeconds(1));
        time.Now += TimeSpan.FromSeconds(1);
        session.Hear($"{first},0.000000,1.000000");
        session.Check();
        Visible.ShouldBeEmpty();
        if (begins)
        {
            _folder.Write(RecordingName.Next(first));
            session.Check();
        }

        session.End(isComplete: false);
        Visible.ShouldBe([RecordingName.Of(now, again: 0, isComplete: begins)]);
        Hidden.ShouldBeEmpty();
    }

    /// <summary>A board without a battery for its clock starts in the past, and is told the time later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void End_ClockWasSetMeanwhile_KeepsWhatIsYoungUnderItsRealTime(bool isComplete)
    {
        var time = new Clock(DateTimeOffset.UnixEpoch);
        var session = new RecordingFolder(_folder.Root, Live with { RecordSegmentSeconds = 60, RecordKeepHours = 24 }, time).Begin();
        var first = RecordingName.HiddenPattern(time.Now, 60).Replace("%06d", "000000", StringComparison.Ordinal);
        time.Now = DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(60);
        File.SetLastWriteTimeUtc(_folder.Write(first, 1), time.Now.UtcDateTime);
        session.Hear($"{first},0.000000,60.000000");
        session.End(isComplete);
        new RecordingFolder(_folder.Root, Live with { RecordKeepHours = 24 }, time).Begin().End(isComplete: true);
        Visible.ShouldBe([RecordingName.Of(time.Now.AddSeconds(-60), again: 0, isComplete)]);
    }

    [Theory]
    [InlineData("2026-01-02T03-04-05Z.mkv", "2026-01-02 03:04:05")]
    [InlineData("2026-01-02T03-04-05Z-2.incomplete.mkv", "2026-01-02 03:04:05")]
    [InlineData("2026-13-02T03-04-05Z.mkv", null)]
    [InlineData("2026-01-02T03-04-05Z.mkv.bak", null)]
    [InlineData("../2026-01-02T03-04-05Z.mkv", null)]
    public void Parse_Name_KnowsOursOnly(string name, string? begin) =>
        RecordingName.Parse(name)?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture).ShouldBe(begin);

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
