using System.Text.RegularExpressions;

namespace FaceAnonStream.Service.Api;

/// <summary>Names of files that a preview may be asked for: nothing that could be a path.</summary>
internal static partial class PreviewFile
{
    public const string Playlist = "application/vnd.apple.mpegurl";
    public const string Video = "video/mp4";

    /// <summary>Null for a name that no preview has.</summary>
    public static string? ContentTypeOf(string name)
    {
        if (!Name().IsMatch(name))
        {
            return null;
        }

        return name.EndsWith(".m3u8", StringComparison.Ordinal) ? Playlist : Video;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\.(?:m3u8|mp4|m4s)\z")]
    private static partial Regex Name();
}
