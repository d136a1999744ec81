using System.Text.Json.Nodes;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Media;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Scene;

/// <summary>Painted frames, and the file that is made of them.</summary>
public sealed class ScenePictureTests
{
    private static readonly SceneOptions Small = new() { Width = 320, Height = 240, DurationSeconds = 0.4, People = 2, Seed = 4 };

    [Fact]
    public async Task Source_GivesEveryFrameOnceAndInOrder()
    {
        using var pool = new FramePool(SceneSource.FormatOf(Small), 1);
        await using var source = SceneSource.Open(SceneClips.Script(Small), SceneClips.Model, pool, TimeProvider.System);
        source.Format.ShouldBe(pool.Format);
        for (var i = 0; i < Small.FrameCount; i++)
        {
            using var frame = await source.ReadAsync(CancellationToken.None);
            frame!.Index.ShouldBe(i);
            frame.Pts.ShouldBe(i);
            frame.TimeBase.ShouldBe(new Rational(1, 25));
        }

        (await source.ReadAsync(CancellationToken.None)).ShouldBeNull();
        (await source.ReadAsync(CancellationToken.None)).ShouldBeNull("it stays at its end");
        pool.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Source_Cancelled_SaysSoAndLosesNoFrame()
    {
        using var pool = new FramePool(SceneSource.FormatOf(Small), 1);
        await using var source = SceneSource.Open(SceneClips.Script(Small), SceneClips.Model, pool, TimeProvider.System);
        var held = await source.ReadAsync(CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var waiting = source.ReadAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        held!.Dispose();
        using var next = await source.ReadAsync(CancellationToken.None);
        next!.Index.ShouldBe(1);
    }

    [Fact]
    public async Task Source_AbandonedEarly_ReturnsEveryFrame()
    {
        using var pool = new FramePool(SceneSource.FormatOf(Small), 4);
        var source = SceneSource.Open(SceneClips.Script(Small), SceneClips.Model, pool, TimeProvider.System);
        (await source.ReadAsync(CancellationToken.None))!.Dispose();
        await source.DisposeAsync();
        pool.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Paint_SameScene_IsTheSamePictures()
    {
        var first = await SceneClips.PaintAsync(Small);
        var again = await SceneClips.PaintAgainAsync(Small);
        again.ShouldNotBeSameAs(first);
        again.Frames.ShouldBe(first.Frames);
    }

    [Theory]
    [InlineData(321, 241)]
    [InlineData(64, 64)]
    [InlineData(180, 400)]
    public async Task Paint_AnySize_FillsThePicture(int width, int height)
    {
        var options = Small with { Width = width, Height = height, DurationSeconds = 0.04 };
        var clip = await SceneClips.PaintAsync(options);
        clip.Frames.ShouldHaveSingleItem().Length.ShouldBe(clip.Format.SizeBytes);
        clip.Luma(0).ToArray().ShouldAllBe(sample => sample >= 16 && sample <= 235);
        clip.Luma(0).ToArray().Distinct().Count().ShouldBeGreaterThan(60);
    }

    [Fact]
    public async Task Encode_Scene_HasItsFramesItsTimesAndItsSound()
    {
        var options = Small with { FrameRate = new Rational(30000, 1001), DurationSeconds = 1.2 };
        var path = await SceneClips.EncodeAsync(options);
        var video = await Ffprobe.VideoAsync(path);
        (video["width"]!.GetValue<int>(), video["height"]!.GetValue<int>()).ShouldBe((320, 240));
        video["r_frame_rate"]!.GetValue<string>().ShouldBe("30000/1001");
        video["color_space"]!.GetValue<string>().ShouldBe("bt709");
        var seconds = (await Ffprobe.VideoPtsAsync(path)).Select(pts => double.Parse(pts.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        seconds.Count.ShouldBe((int)options.FrameCount);
        for (var i = 0; i < seconds.Count; i++)
        {
            seconds[i].ShouldBe(i * 1001 / 30000.0, 1e-5);
        }

        (await Ffprobe.StreamsAsync(path)).Count(stream => stream["codec_type"]!.GetValue<string>() == "audio").ShouldBe(1);
    }

    [Theory]
    [InlineData(25, 1)]
    [InlineData(30000, 1001)]
    public async Task Encode_BeepsAndFlashes_AreTogether(int numerator, int denominator)
    {
        var options = Small with { FrameRate = new Rational(numerator, denominator), DurationSeconds = 2.3, People = 1 };
        var path = await SceneClips.EncodeAsync(options);
        var flashes = FlashSeconds(await RawClip.DecodeAsync(path), options);
        var beeps = await BeepSecondsAsync(path);
        flashes.Count.ShouldBe(3);
        beeps.Count.ShouldBe(3);
        foreach (var (flash, beep) in flashes.Zip(beeps))
        {
            beep.ShouldBe(flash, 0.5 / options.FrameRate.Value);
        }
    }

    [Fact]
    public async Task Encode_Cancelled_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var pool = new FramePool(SceneSource.FormatOf(Small), 1);
        using var cancellation = new CancellationTokenSource();
        var script = SceneClips.Script(Small);
        await using var source = SceneSource.Open(script, SceneClips.Model, pool, TimeProvider.System);
        var encoder = new SceneEncoder(new MediaOptions(), TimeProvider.System);
        await Should.ThrowAsync<OperationCanceledException>(
            () => encoder.EncodeAsync(script, source, folder.File("demo.mp4"), _ => cancellation.Cancel(), cancellation.Token));
        folder.Names.ShouldBeEmpty();
        pool.LiveFrames.ShouldBe(0);
    }

    [Fact]
    public async Task Encode_EncoderFails_SaysWhyAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var pool = new FramePool(SceneSource.FormatOf(Small), 1);
        var script = SceneClips.Script(Small);
        await using var source = SceneSource.Open(script, SceneClips.Model, pool, TimeProvider.System);
        var encoder = new SceneEncoder(new MediaOptions { Ffmpeg = "/bin/false" }, TimeProvider.System);
        var fault = await Should.ThrowAsync<FaultException>(
            () => encoder.EncodeAsync(script, source, folder.File("demo.mp4"), _ => { }, CancellationToken.None));
        fault.Origin.ShouldBe(FaultOrigin.Sink);
        fault.Message.ShouldStartWith($"{folder.File("demo.mp4")}: encoding failed: ");
        folder.Names.ShouldBeEmpty();
    }

    [Fact]
    public void Truth_File_HoldsWhatTheScriptSays()
    {
        using var folder = new TemporaryFolder();
        var script = SceneClips.Script(Small);
        SceneTruth.Write(folder.File("truth.json"), script);
        folder.Names.ShouldBe(["truth.json"]);
        var lines = File.ReadAllLines(folder.File("truth.json"));
        lines.Length.ShouldBe((int)Small.FrameCount + 2);
        var truth = JsonNode.Parse(string.Concat(lines))!;
        truth["schema"]!.GetValue<string>().ShouldBe("faceanon-scene/1");
        truth["frameRate"]!.GetValue<string>().ShouldBe("25/1");
        truth["seed"]!.GetValue<ulong>().ShouldBe(4ul);
        var frames = truth["frames"]!.AsArray();
        foreach (var (frame, moment) in frames.Zip(SceneClips.Moments(Small)))
        {
            frame!["frame"]!.GetValue<long>().ShouldBe(moment.Index);
            foreach (var (face, expected) in frame["faces"]!.AsArray().Zip(moment.Faces))
            {
                face!["person"]!.GetValue<int>().ShouldBe(expected.Person);
                face["box"]!.AsArray()[2]!.GetValue<float>().ShouldBe(expected.Box.Width, 0.01);
                face["points"]!.AsArray()[2]!.AsArray()[1]!.GetValue<float>().ShouldBe(expected.Points[2].Y, 0.01);
                face["yaw"]!.GetValue<float>().ShouldBe(expected.YawDegrees, 0.01);
                face["visible"]!.GetValue<float>().ShouldBe(expected.Visible, 0.001);
            }
        }
    }

    /// <summary>When the marker turns white.</summary>
    private static List<double> FlashSeconds(RawClip clip, SceneOptions options)
    {
        var (left, top, side) = Marker.Place(options.Height);
        var at = ((top + (side / 2)) * options.Width) + left + (side / 2);
        var lit = Enumerable.Range(0, clip.Frames.Count).Select(frame => clip.Luma(frame)[at] > 128).ToList();
        return [.. Enumerable.Range(0, lit.Count).Where(i => lit[i] && (i == 0 || !lit[i - 1])).Select(i => i / options.FrameRate.Value)];
    }

    /// <summary>When the sound begins after silence.</summary>
    private static async Task<List<double>> BeepSecondsAsync(string path)
    {
        using var folder = new TemporaryFolder();
        var raw = folder.File("sound.raw");
        await Command.RunAsync("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-f", "s16le", "-ac", "1", "-ar", $"{Beeps.SampleRate}", raw);
        var bytes = await File.ReadAllBytesAsync(raw);
        var beeps = new List<double>();
        var loud = double.NegativeInfinity;
        for (var i = 0; i < bytes.Length / 2; i++)
        {
            var seconds = (double)i / Beeps.SampleRate;
            if (Math.Abs((int)BitConverter.ToInt16(bytes, 2 * i)) > 2000)
            {
                if (seconds - loud > 0.3)
                {
                    beeps.Add(seconds);
                }

                loud = seconds;
            }
        }

        return beeps;
    }
}
