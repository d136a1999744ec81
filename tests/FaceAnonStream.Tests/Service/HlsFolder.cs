using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Tests.Kit;

namespace FaceAnonStream.Tests.Service;

/// <summary>A preview made by ffmpeg: fragmented MP4 and its playlist.</summary>
internal sealed class HlsFolder : IStreamPreview, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static async Task<HlsFolder> MakeAsync()
    {
        var hls = new HlsFolder();
        await Command.RunAsync(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=12", "-c:v", "libx264", "-pix_fmt", "yuv420p",
            "-preset", "ultrafast", "-g", "25", "-f", "hls", "-hls_time", "1", "-hls_list_size", "0", "-hls_segment_type", "fmp4",
            "-hls_segment_filename", hls._folder.File("s%d.m4s"), hls._folder.File("index.m3u8"));
        return hls;
    }

    public Stream? Open(string fileName) => File.Exists(_folder.File(fileName)) ? File.OpenRead(_folder.File(fileName)) : null;

    public void Dispose() => _folder.Dispose();
}
