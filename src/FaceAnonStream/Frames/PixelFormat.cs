namespace FaceAnonStream.Frames;

/// <summary>A planar Y'CbCr sample layout, under ffmpeg's name for it.</summary>
/// <param name="Name">ffmpeg's name, e.g. <c>yuv420p10le</c>.</param>
/// <param name="BitDepth">Bits per sample: 8 (one byte) or 10 (two bytes, little endian, low-aligned).</param>
/// <param name="ChromaShiftX">log2 of the horizontal chroma subsampling.</param>
/// <param name="ChromaShiftY">log2 of the vertical chroma subsampling.</param>
public sealed record PixelFormat(string Name, int BitDepth, int ChromaShiftX, int ChromaShiftY)
{
    /// <summary>Every layout that the pipeline processes without conversion.</summary>
    public static IReadOnlyList<PixelFormat> All { get; } =
    [
        new("yuv420p", 8, 1, 1),
        new("yuv422p", 8, 1, 0),
        new("yuv444p", 8, 0, 0),
        new("yuv420p10le", 10, 1, 1),
        new("yuv422p10le", 10, 1, 0),
        new("yuv444p10le", 10, 0, 0),
    ];

    public int BytesPerSample => BitDepth > 8 ? 2 : 1;

    /// <exception cref="ArgumentException">No such layout in <see cref="All"/>.</exception>
    public static PixelFormat FromName(string name) =>
        All.FirstOrDefault(format => format.Name == name)
        ?? throw new ArgumentException($"unsupported pixel format '{name}'", nameof(name));

    public override string ToString() => Name;
}
