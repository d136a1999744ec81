using FaceAnonStream.Frames;

namespace FaceAnonStream.Tests.Kit;

/// <summary>Every frame of a short 4:2:0 clip, as ffmpeg, an independent judge, decodes it.</summary>
internal sealed record RawClip(FrameFormat Format, IReadOnlyList<byte[]> Frames)
{
    public static async Task<RawClip> DecodeAsync(string path)
    {
        var video = await Ffprobe.VideoAsync(path);
        var format = Formats.Of(video["width"]!.GetValue<int>(), video["height"]!.GetValue<int>(), video["pix_fmt"]!.GetValue<string>());
        using var ffmpeg = Command.Start("ffmpeg", ["-v", "error", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-"]);
        var error = ffmpeg.StandardError.ReadToEndAsync();
        var bytes = new MemoryStream();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(bytes);
        await ffmpeg.WaitForExitAsync();
        return ffmpeg.ExitCode == 0
            ? new RawClip(format, [.. bytes.ToArray().Chunk(format.SizeBytes)])
            : throw new InvalidOperationException(await error);
    }

    /// <summary>The luma plane of a frame.</summary>
    public ReadOnlySpan<byte> Luma(int frame) => Frames[frame].AsSpan(0, Format.Width * Format.Height);
}
