using System.Collections.Concurrent;

namespace FaceAnonStream.Tests.Kit;

/// <summary>Small clips of every kind that matters, made by ffmpeg once per test run.</summary>
public static class TestClips
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Made = new();
    private static readonly string Folder = Directory.CreateTempSubdirectory("faceanon-clips-").FullName;

    private static readonly Dictionary<string, string> Recipes = new()
    {
        ["plain.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v libx264 -pix_fmt yuv420p -bf 3",
        ["vfr.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=30:d=2 -vf settb=1/30000,setpts='if(eq(mod(N\\,3)\\,0)\\,N\\,N+0.4)/30/TB' -fps_mode passthrough -enc_time_base 1/30000 -c:v libx264 -pix_fmt yuv420p",
        ["vfr.mkv"] = "-f lavfi -i testsrc2=s=320x240:r=30:d=2 -vf settb=1/1000,setpts='(N+0.3*sin(N))/30/TB' -fps_mode passthrough -enc_time_base 1/1000 -c:v libx264 -pix_fmt yuv420p",
        ["tenbit.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v libx264 -pix_fmt yuv420p10le",
        ["tenbit422.mov"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v libx264 -pix_fmt yuv422p10le",
        ["tenbit444.mkv"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v libx264 -pix_fmt yuv444p10le",
        ["odd444.mp4"] = "-f lavfi -i testsrc=s=853x479:r=25:d=1 -c:v libx264 -pix_fmt yuv444p",
        ["odd420.mkv"] = "-f lavfi -i testsrc=s=853x479:r=25:d=1 -c:v ffv1 -pix_fmt yuv420p",
        ["one.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -frames:v 1 -c:v libx264 -pix_fmt yuv420p",
        ["two-audio.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=3 -f lavfi -i sine=d=3 -f lavfi -i sine=f=880:d=3 -map 0 -map 1 -map 2 -metadata:s:a:0 language=eng -metadata:s:a:1 language=deu -metadata title=Secret -metadata location=+52.5+013.4/ -c:v libx264 -pix_fmt yuv420p -bf 3 -c:a aac",
        ["late.mkv"] = "-itsoffset 0.7 -i {plain.mp4} -i {two-audio.mp4} -map 0:v -map 1:a:0 -c copy",
        ["b-frames.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=2 -c:v libx264 -pix_fmt yuv420p -bf 5 -x264-params b-pyramid=normal",
        ["yuv444.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v libx264 -pix_fmt yuv444p",
        ["yuv422.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v libx264 -pix_fmt yuv422p",
        ["anamorphic.mp4"] = "-f lavfi -i testsrc2=s=360x288:r=25:d=1 -vf setsar=16/11,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709 -c:v libx264 -pix_fmt yuv420p",
        ["full-range.mov"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v mjpeg -q:v 2 -pix_fmt yuvj420p",
        ["rgb.mkv"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v ffv1 -pix_fmt gbrp",
        ["twelve-bit.mkv"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=1 -c:v ffv1 -pix_fmt yuv420p12le",
        ["transport.ts"] = "-i {two-audio.mp4} -map 0:v -map 0:a:0 -c copy",
        ["text.mkv"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=3 -i {captions.srt} -map 0 -map 1 -c:v libx264 -pix_fmt yuv420p -c:s srt",
        ["text.mp4"] = "-f lavfi -i testsrc2=s=320x240:r=25:d=3 -i {captions.srt} -map 0 -map 1 -c:v libx264 -pix_fmt yuv420p -c:s mov_text",
        ["encrypted.mp4"] = "-i {plain.mp4} -c copy -encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8",
        ["sound.mp3"] = "-f lavfi -i sine=d=1",
    };

    static TestClips() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);

    /// <summary>The path of a clip; the name is a key of the recipes.</summary>
    public static Task<string> GetAsync(string name) => Made.GetOrAdd(name, _ => new Lazy<Task<string>>(() => MakeAsync(name))).Value;

    private static async Task<string> MakeAsync(string name)
    {
        var path = Path.Combine(Folder, name);
        if (name == "captions.srt")
        {
            await File.WriteAllTextAsync(path, "1\n00:00:00,500 --> 00:00:01,250\nhello\n\n2\n00:00:01,500 --> 00:00:02,700\nworld\n");
            return path;
        }

        if (name == "rotated.mp4")
        {
            return await RotateAsync(await GetAsync("plain.mp4"), path);
        }

        var arguments = new List<string> { "-v", "error", "-y" };
        foreach (var word in Recipes[name].Split(' '))
        {
            arguments.Add(word.StartsWith('{') ? await GetAsync(word[1..^1]) : word);
        }

        await Command.RunAsync("ffmpeg", [.. arguments, path]);
        return path;
    }

    // ffmpeg 5 spells the display matrix as metadata, later ones as an input option.
    private static async Task<string> RotateAsync(string source, string path)
    {
        var modern = await Command.TryAsync("ffmpeg", "-v", "error", "-y", "-display_rotation", "-90", "-i", source, "-c", "copy", path);
        if (modern.ExitCode != 0)
        {
            await Command.RunAsync("ffmpeg", "-v", "error", "-y", "-i", source, "-c", "copy", "-metadata:s:v", "rotate=90", path);
        }

        return path;
    }
}
