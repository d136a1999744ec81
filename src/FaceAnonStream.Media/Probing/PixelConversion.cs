using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Probing;

/// <summary>How a source pixel format is decoded into one of <see cref="PixelFormat.All"/>.</summary>
/// <param name="DecodeAs">ffmpeg's name for the decoder's output; keeps a full-range alias so that no range conversion happens.</param>
/// <param name="Target">The layout in memory.</param>
/// <param name="FromRgb">The source is R'G'B' and becomes BT.709 limited range.</param>
public sealed record PixelConversion(string DecodeAs, PixelFormat Target, bool FromRgb)
{
    private static readonly Dictionary<string, string[]> Sources = new()
    {
        ["yuv420p"] = ["nv12", "nv21", "yuv410p", "yuva420p", "gray"],
        ["yuv422p"] = ["nv16", "yuyv422", "uyvy422", "yvyu422", "yuv411p", "uyyvyy411", "yuva422p"],
        ["yuv444p"] = ["nv24", "nv42", "yuv440p", "yuva444p"],
        ["yuv420p10le"] =
        [
            "p010le", "p012le", "p016le", "yuv420p9le", "yuv420p12le", "yuv420p14le", "yuv420p16le", "yuva420p9le",
            "yuva420p10le", "yuva420p16le", "gray9le", "gray10le", "gray12le", "gray14le", "gray16le", "gray16be",
        ],
        ["yuv422p10le"] =
        [
            "nv20le", "p210le", "p216le", "y210le", "yuv422p9le", "yuv422p12le", "yuv422p14le", "yuv422p16le",
            "yuva422p9le", "yuva422p10le", "yuva422p12le", "yuva422p16le",
        ],
        ["yuv444p10le"] =
        [
            "p410le", "p416le", "yuv440p10le", "yuv440p12le", "yuv444p9le", "yuv444p12le", "yuv444p14le", "yuv444p16le",
            "yuva444p9le", "yuva444p10le", "yuva444p12le", "yuva444p16le",
        ],
    };

    private static readonly Dictionary<string, string[]> RgbSources = new()
    {
        ["yuv444p"] = ["rgb24", "bgr24", "rgba", "bgra", "argb", "abgr", "0rgb", "rgb0", "0bgr", "bgr0", "gbrp", "gbrap", "pal8", "rgb565le", "rgb555le"],
        ["yuv444p10le"] = ["gbrp9le", "gbrp10le", "gbrp12le", "gbrp14le", "gbrp16le", "gbrap10le", "gbrap12le", "gbrap16le", "rgb48le", "rgb48be", "rgba64le", "rgba64be"],
    };

    /// <summary>Finds the conversion for a source format, or null when there is none.</summary>
    public static PixelConversion? From(string source)
    {
        if (PixelFormat.All.FirstOrDefault(format => format.Name == source) is { } same)
        {
            return new PixelConversion(source, same, FromRgb: false);
        }

        // The old full-range aliases share the layout of their limited-range twins.
        if (source is "yuvj420p" or "yuvj422p" or "yuvj444p")
        {
            return new PixelConversion(source, PixelFormat.FromName(source.Replace("yuvj", "yuv", StringComparison.Ordinal)), FromRgb: false);
        }

        return Find(Sources, source, fromRgb: false) ?? Find(RgbSources, source, fromRgb: true);
    }

    private static PixelConversion? Find(Dictionary<string, string[]> table, string source, bool fromRgb) =>
        table.Where(row => row.Value.Contains(source))
            .Select(row => new PixelConversion(row.Key, PixelFormat.FromName(row.Key), fromRgb))
            .FirstOrDefault();
}
