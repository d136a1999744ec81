using FaceAnonStream.Media.Live;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Media.Live;

public sealed class HlsPreviewTests : IAsyncDisposable
{
    private readonly SinkRig _rig = new();
    private readonly ShiftedTime _time = new();
    private readonly HlsPreview _preview;
    private readonly string _folder;

    public HlsPreviewTests()
    {
        _preview = new HlsPreview(SinkRig.Output("udp://127.0.0.1:9"), _time);
        _folder = _preview.Folder;
    }

    public async ValueTask DisposeAsync()
    {
        await _preview.DisposeAsync();
        Directory.Exists(_folder).ShouldBeFalse();
        _rig.Dispose();
    }

    [Fact]
    public async Task Open_Watched_ShowsAPlayableRendition()
    {
        await using var feed = Feed();
        await _rig.Until(() => feed.Written > 5, "frames are offered");
        Children.Of(_folder).ShouldBeEmpty();
        Directory.Exists(_folder).ShouldBeFalse();
        var playlist = await PlaylistAsync();
        (await Command.RunAsync("stat", "-c", "%a", _folder)).Trim().ShouldBe("700");
        var names = playlist.Split('\n', '"').Where(part => part.EndsWith(".m4s", StringComparison.Ordinal) || part.EndsWith(".mp4", StringComparison.Ordinal)).ToArray();
        names.Length.ShouldBeGreaterThanOrEqualTo(2);
        using var folder = new TemporaryFolder();
        var copy = folder.File("copy.mp4");
        foreach (var name in names[..2])
        {
            await using var file = _preview.Open(name);
            await using var all = new FileStream(copy, FileMode.Append);
            await file.ShouldNotBeNull(name).CopyToAsync(all);
        }

        // A second at ten frames a second, not at 25.
        (await RawClip.DecodeAsync(copy)).Frames.Count.ShouldBeInRange(2, 12);
    }

    [Fact]
    public async Task Offer_NobodyWatchesAnyMore_EndsTheEncoderAndComesBackOnDemand()
    {
        await using var feed = Feed();
        await PlaylistAsync();
        Children.Of(_folder).Count.ShouldBe(1);
        _time.Advance(HlsPreview.WatchTime);
        await _rig.Until(() => Children.Of(_folder).Count == 0 && !Directory.EnumerateFiles(_folder).Any(), "the encoder has gone, and its files");
        _preview.Open("index.m3u8").ShouldBeNull();
        await PlaylistAsync();
        Children.Of(_folder).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Offer_EncoderFrozen_HoldsNobodyUp()
    {
        await using var feed = Feed();
        await PlaylistAsync();
        await Children.SignalAsync("STOP", _folder);
        _preview.Open("index.m3u8")?.Dispose();
        var written = feed.Written;

        // More than the pipe to the encoder takes.
        await _rig.Until(() => feed.Written > written + 60, "frames go on");
        await Children.SignalAsync("CONT", _folder);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../index.m3u8")]
    [InlineData("/etc/passwd")]
    [InlineData("index.m3u8/../../etc/passwd")]
    [InlineData("index.m3u8.tmp")]
    [InlineData("index-1.m4s\n")]
    [InlineData("index-1.m4s\0")]
    [InlineData("index-١.m4s")]
    [InlineData("notes.txt")]
    public async Task Open_OtherName_IsNothingAndStartsNothing(string name)
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "x");
        _preview.Open(name).ShouldBeNull();
        using var frame = await _rig.FrameAsync(0);
        _preview.Offer(frame);
        Children.Of(_folder).ShouldBeEmpty();
        Directory.EnumerateFiles(_folder).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Open_NoPlaceForIt_IsNothingUntilThereIs()
    {
        // Whoever runs the tests may write anywhere: a file in its place stands for a folder that cannot be made.
        await File.WriteAllTextAsync(_folder, "x");
        await using var feed = Feed();
        _preview.Open("index.m3u8").ShouldBeNull();
        await _rig.Until(() => feed.Written > 5, "frames are offered");
        Children.Of(_folder).ShouldBeEmpty();
        File.Delete(_folder);
        (await PlaylistAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Open_Disposed_MakesNothing()
    {
        await _preview.DisposeAsync();
        _preview.Open("index.m3u8").ShouldBeNull();
        Directory.Exists(_folder).ShouldBeFalse();
    }

    private LiveFeed Feed() => _rig.Feed(frame =>
    {
        _preview.Offer(frame);
        return ValueTask.CompletedTask;
    });

    private async Task<string> PlaylistAsync()
    {
        var text = "";
        await _rig.Until(
            async () =>
            {
                await using var file = _preview.Open("index.m3u8");
                if (file is not null)
                {
                    using var reader = new StreamReader(file);
                    text = await reader.ReadToEndAsync();
                }

                return text.Length > 0;
            },
            "there is a playlist");
        return text;
    }

    /// <summary>The system's time, and more where a test says so.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private long _shift;

        public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref _shift);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, (long)(by.TotalSeconds * TimestampFrequency));
    }
}
