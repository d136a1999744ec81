using FaceAnonStream.Tests.Kit.Peers;

namespace FaceAnonStream.Tests.Media.Live;

/// <summary>A camera made of ffmpeg: a moving test picture of 320x240 at 25 frames/s, encoded as cameras do.</summary>
internal static class Publisher
{
    /// <param name="output">ffmpeg's words for where to.</param>
    public static PeerProcess Start(params string[] output)
    {
        var peer = new PeerProcess(
            "ffmpeg",
            ["-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x240:r=25", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "12", "-pix_fmt", "yuv420p", "-y", .. output]);
        peer.Start();
        return peer;
    }

    /// <summary>As <see cref="Start"/>, for outputs that end with each of their viewers: begun again for the next one.</summary>
    public static PeerProcess StartForGood(params string[] output)
    {
        var ffmpeg = "ffmpeg -v error -re -f lavfi -i testsrc2=s=320x240:r=25 -c:v libx264 -preset ultrafast -tune zerolatency -g 12 -pix_fmt yuv420p -y";
        var peer = new PeerProcess("sh", "-c", $"while :; do {ffmpeg} {string.Join(' ', output.Select(word => $"'{word}'"))}; done");
        peer.Start();
        return peer;
    }
}
