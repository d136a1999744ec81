using FaceAnonStream.Media.Live;

namespace FaceAnonStream.Hosting.Streams;

/// <summary>A stream's preview as HLS.</summary>
/// <param name="preview">Borrowed.</param>
public sealed class HlsStreamPreview(HlsPreview preview) : IStreamPreview
{
    /// <inheritdoc/>
    public Stream? Open(string fileName) => preview.Open(fileName);
}
