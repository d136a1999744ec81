using System.Diagnostics;
using FaceAnonStream.Frames;
using FaceAnonStream.Kernels;

namespace FaceAnonStream.Tests.Inference;

/// <summary>Frames for detectors: decoded by ffmpeg, or of one grey.</summary>
internal static class Pictures
{
    /// <summary>Decodes the first frames of a picture or clip.</summary>
    /// <param name="path">Picture or clip.</param>
    /// <param name="width">Width to scale to.</param>
    /// <param name="height">Height to scale to.</param>
    /// <param name="count">Frames.</param>
    /// <param name="pixelFormat">Layout.</param>
    /// <param name="filter">ffmpeg filters that come first.</param>
    public static async Task<PictureSet> DecodeAsync(
        string path, int width, int height, int count = 1, string pixelFormat = "yuv420p", string filter = "null")
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardInput = true };
        string[] arguments =
        [
            "-v", "error", "-nostdin", "-i", path, "-map", "0:v:0",
            "-vf", $"{filter},scale={width}:{height}:flags=area:out_color_matrix=bt601:out_range=tv,format={pixelFormat}",
            "-frames:v", $"{count}", "-f", "rawvideo", "-",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var ffmpeg = Process.Start(start)!;
        var pictures = Empty(width, height, count, pixelFormat);
        for (var i = 0; i < count; i++)
        {
            await ffmpeg.StandardOutput.BaseStream.ReadExactlyAsync((await pictures.AddAsync()).Memory);
        }

        await ffmpeg.WaitForExitAsync();
        return pictures;
    }

    /// <summary>Frames whose every sample is 128: mid-grey at 8 bits.</summary>
    public static async Task<PictureSet> GreyAsync(int width, int height, int count = 1)
    {
        var pictures = Empty(width, height, count, "yuv420p");
        for (var i = 0; i < count; i++)
        {
            (await pictures.AddAsync()).Memory.Span.Fill(128);
        }

        return pictures;
    }

    private static PictureSet Empty(int width, int height, int count, string pixelFormat) => new(new FramePool(
        new FrameFormat(width, height, PixelFormat.FromName(pixelFormat), new YuvColor(YuvMatrix.Bt601, FullRange: false)), count));
}

/// <summary>Frames and the pool that they came from.</summary>
internal sealed class PictureSet(FramePool pool) : IDisposable
{
    private readonly List<VideoFrame> _frames = [];

    public FramePool Pool => pool;

    public IReadOnlyList<VideoFrame> Frames => _frames;

    public async Task<VideoFrame> AddAsync()
    {
        var frame = await pool.RentAsync(_frames.Count, _frames.Count, new Rational(1, 25), CancellationToken.None);
        _frames.Add(frame);
        return frame;
    }

    public void Dispose()
    {
        foreach (var frame in _frames)
        {
            frame.Dispose();
        }

        pool.Dispose();
    }
}
