using FaceAnonStream.Kernels;

namespace FaceAnonStream.Media.Probing;

/// <summary>A video stream's colour tags under ffmpeg's names (ITU-T H.273); null where the stream does not say.</summary>
public sealed record StreamColor(string? Range, string? Primaries, string? Transfer, string? Matrix)
{
    private static readonly HashSet<string> Ranges = ["tv", "pc"];

    private static readonly HashSet<string> KnownPrimaries =
        ["bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "film", "bt2020", "smpte428", "smpte431", "smpte432", "jedec-p22"];

    private static readonly HashSet<string> KnownTransfers =
    [
        "bt709", "bt470m", "bt470bg", "smpte170m", "smpte240m", "linear", "log100", "log316", "iec61966-2-4", "bt1361e",
        "iec61966-2-1", "bt2020-10", "bt2020-12", "smpte2084", "smpte428", "arib-std-b67",
    ];

    private static readonly HashSet<string> KnownMatrices =
        ["bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "ycgco", "bt2020nc", "bt2020c", "chroma-derived-nc", "chroma-derived-c", "ictcp"];

    /// <summary>Keeps the names that ffmpeg's <c>setparams</c> filter takes back; anything else counts as unsaid.</summary>
    public static StreamColor FromNames(string? range, string? primaries, string? transfer, string? matrix) => new(
        Known(Ranges, range), Known(KnownPrimaries, primaries), Known(KnownTransfers, transfer), Known(KnownMatrices, matrix));

    /// <summary>The mapping to R'G'B'; by ITU convention an untagged picture of at least 720 rows is BT.709, a smaller one BT.601.</summary>
    public YuvColor ToYuvColor(int height) => new(
        Matrix switch
        {
            "bt709" => YuvMatrix.Bt709,
            "bt2020nc" or "bt2020c" => YuvMatrix.Bt2020,
            null when height >= 720 => YuvMatrix.Bt709,
            _ => YuvMatrix.Bt601,
        },
        Range == "pc");

    private static string? Known(HashSet<string> names, string? name) => name is not null && names.Contains(name) ? name : null;
}
