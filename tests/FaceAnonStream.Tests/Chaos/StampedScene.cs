using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Frames;
using FaceAnonStream.Tests.Kit;

namespace FaceAnonStream.Tests.Chaos;

/// <summary>A camera's clip of people who do not exist, each frame stamped with its number, and the truth about it.</summary>
internal sealed class StampedScene : IDisposable
{
    private static readonly SceneOptions Options = new()
    {
        Width = 640,
        Height = 360,
        FrameRate = new Rational(25, 1),
        DurationSeconds = 8,
        People = 3,
        Seed = 6,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly FramePool _pool = new(SceneSource.FormatOf(Options), (int)Options.FrameCount);

    private StampedScene() => Moments = SceneClips.Moments(Options);

    public static FrameFormat Format => SceneSource.FormatOf(Options);

    /// <summary>Where the faces are.</summary>
    public IReadOnlyList<SceneMoment> Moments { get; }

    /// <summary>What a viewer of the original would see: the clip, decoded.</summary>
    public IReadOnlyList<VideoFrame> Frames { get; private set; } = [];

    /// <summary>The clip.</summary>
    public string Path => _folder.File("scene.mp4");

    /// <summary>The same, one and a half times as large.</summary>
    public string LargePath => _folder.File("large.mp4");

    public static async Task<StampedScene> MakeAsync()
    {
        var scene = new StampedScene();
        var painted = await SceneClips.PaintAgainAsync(Options);
        for (var i = 0; i < painted.Frames.Count; i++)
        {
            FrameStamp.Write(painted.Frames[i].AsSpan(0, Options.Width * Options.Height), Options.Width, i);
        }

        await EncodeAsync(painted, scene.Path, "null");
        await EncodeAsync(painted, scene.LargePath, "scale=960:540");
        var decoded = await RawClip.DecodeAsync(scene.Path);
        scene.Frames = [.. decoded.Frames.Select((bytes, index) => scene.Keep(bytes, index))];
        return scene;
    }

    public void Dispose()
    {
        foreach (var frame in Frames)
        {
            frame.Dispose();
        }

        _pool.Dispose();
        _folder.Dispose();
    }

    private static async Task EncodeAsync(RawClip clip, string path, string filter)
    {
        var raw = path + ".yuv";
        await using (var file = File.Create(raw))
        {
            foreach (var frame in clip.Frames)
            {
                await file.WriteAsync(frame);
            }
        }

        await Command.RunAsync(
            "ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", $"{clip.Format.Width}x{clip.Format.Height}", "-r", "25", "-i", raw,
            "-vf", filter, "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-g", "25", "-bf", "0", "-pix_fmt", "yuv420p", path);
        File.Delete(raw);
    }

    private VideoFrame Keep(byte[] bytes, int index)
    {
        var frame = _pool.TryRent(index, index, new Rational(1, 25), arrivedAt: 0)!;
        bytes.CopyTo(frame.Memory);
        return frame;
    }
}
