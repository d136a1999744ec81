using System.Diagnostics;
using FaceAnonStream.Tests.Kit;
using Shouldly;
using Xunit;

namespace FaceAnonStream.Tests.Integration;

/// <summary>Whatever goes wrong: one clear line, a telling exit code, and nothing under the output's name.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_MissingFile_Fails() => await FailsAsync(_folder.File("nothing.mp4"), 2, "no such file");

    [Fact]
    public async Task Run_Directory_Fails() => await FailsAsync(Repository.Root, 2, "is a directory");

    [Fact]
    public async Task Run_TextFile_Fails() =>
        await FailsAsync(Path.Combine(Repository.Root, "README.md"), 1, "not a video file");

    [Fact]
    public async Task Run_SoundFile_Fails() => await FailsAsync(await TestClips.GetAsync("sound.mp3"), 1, "no video stream");

    [Fact]
    public async Task Run_EncryptedFile_Fails() => await FailsAsync(await TestClips.GetAsync("encrypted.mp4"), 1, "encrypted");

    [Fact]
    public async Task Run_Playlist_Fails()
    {
        var playlist = _folder.File("list.m3u8");
        await File.WriteAllTextAsync(playlist, $"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{await TestClips.GetAsync("transport.ts")}\n#EXT-X-ENDLIST\n");
        await FailsAsync(playlist, 1, "not a video file");
    }

    [Theory]
    [InlineData(0.02, "cannot be decoded")]
    [InlineData(0.5, "decoding failed")]
    public async Task Run_TruncatedFile_Fails(double share, string message)
    {
        var faststart = _folder.File("whole.mp4");
        await Command.RunAsync("ffmpeg", "-v", "error", "-i", await TestClips.GetAsync("b-frames.mp4"), "-c", "copy", "-movflags", "+faststart", faststart);
        var bytes = await File.ReadAllBytesAsync(faststart);
        File.Delete(faststart);
        var truncated = _folder.File("truncated.mp4");
        await File.WriteAllBytesAsync(truncated, bytes[..(int)(bytes.Length * share)]);
        await FailsAsync(truncated, 1, message);
    }

    [Fact]
    public async Task Run_DamagedFileWithConceal_Succeeds()
    {
        var bytes = await File.ReadAllBytesAsync(SharedAssets.Clip("street-walk.mp4"));
        var random = new Random(7);
        for (var i = 0; i < 40; i++)
        {
            bytes[random.Next(bytes.Length / 3, bytes.Length * 2 / 3)] ^= 0xff;
        }

        var damaged = _folder.File("damaged.mp4");
        await File.WriteAllBytesAsync(damaged, bytes);
        var config = _folder.File("conceal.yaml");
        await File.WriteAllTextAsync(config, "media:\n  onDecodeError: conceal\n");

        await FailsAsync(damaged, 1, "media.onDecodeError: conceal");
        var result = await Faceanon.RunAsync("run", damaged, _folder.File("out.mp4"), "--config", config);
        result.ExitCode.ShouldBe(0, result.Error);
    }

    [Fact]
    public async Task Run_InputIsOutput_IsRefused()
    {
        var file = _folder.File("same.mp4");
        File.Copy(await TestClips.GetAsync("plain.mp4"), file);
        var result = await Faceanon.RunAsync("run", file, file, "--overwrite");
        result.ExitCode.ShouldBe(2);
        (await Ffprobe.VideoPtsAsync(file)).Count.ShouldBe(50);
    }

    [Fact]
    public async Task Run_ExistingOutput_NeedsOverwrite()
    {
        var output = _folder.File("out.mp4");
        await File.WriteAllTextAsync(output, "precious");
        var input = await TestClips.GetAsync("plain.mp4");
        (await Faceanon.RunAsync("run", input, output)).ExitCode.ShouldBe(2);
        (await File.ReadAllTextAsync(output)).ShouldBe("precious");
        (await Faceanon.RunAsync("run", input, output, "--overwrite")).ExitCode.ShouldBe(0);
        (await Ffprobe.VideoPtsAsync(output)).Count.ShouldBe(50);
        _folder.Names.ShouldBe(["out.mp4"]);
    }

    [Fact]
    public async Task Run_FailureWithOverwrite_LeavesTheOldOutput()
    {
        var output = _folder.File("out.mp4");
        await File.WriteAllTextAsync(output, "precious");
        var result = await Faceanon.RunAsync("run", await TestClips.GetAsync("plain.mp4"), output, "--overwrite", "--video-codec", "nonsense");
        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("nonsense");
        (await File.ReadAllTextAsync(output)).ShouldBe("precious");
        _folder.Names.ShouldBe(["out.mp4"]);
    }

    [Fact]
    public async Task Run_UnknownContainer_Fails() =>
        await FailsToMakeAsync(_folder.File("out.xyz"), await TestClips.GetAsync("plain.mp4"), 2, ".mp4");

    [Fact]
    public async Task Run_EncoderThatTheContainerRefuses_Fails() =>
        await FailsToMakeAsync(_folder.File("out.webm"), await TestClips.GetAsync("plain.mp4"), 2, "libvpx-vp9");

    [Fact]
    public async Task Run_WebmWithVp9_Succeeds()
    {
        var result = await Faceanon.RunAsync("run", await TestClips.GetAsync("one.mp4"), _folder.File("out.webm"), "--video-codec", "libvpx-vp9");
        result.ExitCode.ShouldBe(0, result.Error);
    }

    [Fact]
    public async Task Run_UnwritableTarget_Fails() =>
        await FailsToMakeAsync("/proc/out.mp4", await TestClips.GetAsync("plain.mp4"), 1, "cannot be written");

    [Fact]
    public async Task Run_WrongModel_Fails() =>
        await FailsAsync(await TestClips.GetAsync("plain.mp4"), 1, "not a YuNet face detector", "--detector", SharedAssets.Model("facemesh_468.onnx"));

    [Fact]
    public async Task Run_ModelThatIsNone_Fails() =>
        await FailsAsync(await TestClips.GetAsync("plain.mp4"), 1, "not an ONNX model", "--detector", Path.Combine(Repository.Root, "LICENSE"));

    [Fact]
    public async Task Run_UnknownConfigKey_NamesPathAndAllowedKeys()
    {
        var config = _folder.File("wrong.yaml");
        await File.WriteAllTextAsync(config, "detect:\n  batchSise: 4\n");
        await FailsAsync(await TestClips.GetAsync("plain.mp4"), 2, "detect.batchSise: unknown key; allowed", "--config", config);
    }

    [Fact]
    public async Task Run_FfmpegMissing_SaysHowToInstall()
    {
        var config = _folder.File("missing.yaml");
        await File.WriteAllTextAsync(config, "media:\n  ffmpeg: /nowhere/ffmpeg\n");
        await FailsAsync(await TestClips.GetAsync("plain.mp4"), 1, "apt-get install ffmpeg", "--config", config);
    }

    [Fact]
    public async Task Run_FullDisk_Fails()
    {
        var disk = _folder.File("disk");
        Directory.CreateDirectory(disk);
        var mount = await Command.TryAsync("mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", disk);
        Assert.SkipWhen(mount.ExitCode != 0 && Environment.GetEnvironmentVariable("CI") != "true", "needs the right to mount a small file system");
        mount.ExitCode.ShouldBe(0, mount.Error);
        try
        {
            await FailsToMakeAsync(Path.Combine(disk, "out.mp4"), SharedAssets.Clip("street-walk.mp4"), 1, "No space left");
            Directory.EnumerateFileSystemEntries(disk).ShouldBeEmpty();
        }
        finally
        {
            await Command.RunAsync("umount", disk);
        }
    }

    [Theory]
    [InlineData("SIGINT")]
    [InlineData("SIGTERM")]
    public async Task Run_Signal_ExitsWith130AndLeavesNothing(string signal)
    {
        using var process = Faceanon.Start("run", SharedAssets.Clip("one-by-one-person-detection.mp4"), _folder.File("out.mp4"));
        await WaitForPartialFileAsync(process);
        await Command.RunAsync("sh", "-c", $"kill -s {signal[3..]} {process.Id}");
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(130, error);
        error.ShouldContain("cancelled");
        _folder.Names.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("rawvideo")]
    [InlineData("libx264")]
    public async Task Run_FfmpegKilledHalfWay_Fails(string argumentOfTheVictim)
    {
        using var process = Faceanon.Start("run", SharedAssets.Clip("one-by-one-person-detection.mp4"), _folder.File("out.mp4"));
        await WaitForPartialFileAsync(process);
        var children = Directory.EnumerateDirectories($"/proc/{process.Id}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        foreach (var child in children.ToArray())
        {
            if ((await File.ReadAllTextAsync($"/proc/{child}/cmdline")).Contains(argumentOfTheVictim, StringComparison.Ordinal))
            {
                await Command.RunAsync("sh", "-c", $"kill -s KILL {child}");
            }
        }

        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(1, error);
        error.ShouldContain("ffmpeg (process");
        _folder.Names.ShouldBeEmpty();
    }

    private async Task FailsAsync(string input, int exitCode, string message, params string[] options) =>
        await FailsToMakeAsync(_folder.File("out.mp4"), input, exitCode, message, options);

    private static async Task FailsToMakeAsync(string output, string input, int exitCode, string message, params string[] options)
    {
        var result = await Faceanon.RunAsync(["run", input, output, .. options]);
        result.ExitCode.ShouldBe(exitCode, result.Error);
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("faceanon: ", StringComparison.Ordinal)).ToArray();
        lines.Length.ShouldBe(1, result.Error);
        lines[0].ShouldContain(message);
        File.Exists(output).ShouldBeFalse();
    }

    /// <summary>Until the job runs: its unfinished output grows.</summary>
    private async Task WaitForPartialFileAsync(Process process)
    {
        while (!_folder.Names.Any(name => new FileInfo(_folder.File(name)) is { Exists: true, Length: > 0 }))
        {
            process.HasExited.ShouldBeFalse("the job ended before it could be disturbed");
            await Task.Delay(50);
        }
    }
}
