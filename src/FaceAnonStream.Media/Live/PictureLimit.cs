using System.Globalization;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Media.Live;

/// <summary>How large a live source's pictures may be: who sends them chooses their size, and we give the memory.</summary>
/// <param name="FrameBytes">Memory for one decoded frame.</param>
public sealed record PictureLimit(long FrameBytes)
{
    /// <summary>What ffmpeg says when it refuses a picture.</summary>
    private const string Refusal = "exceeds specified max pixel count";

    /// <summary>Pixels of the largest picture; no more than ffmpeg's option takes.</summary>
    internal long Pixels => Math.Min(FrameBytes * 2 / 3, int.MaxValue);

    /// <summary>Makes ffmpeg's decoders refuse larger pictures before they take memory for them.</summary>
    internal IEnumerable<string> Arguments => ["-max_pixels", Pixels.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Why larger pictures are not taken.</summary>
    internal string Reason =>
        string.Create(CultureInfo.InvariantCulture, $"its pictures are too large: media.frameMemoryMb allows {Pixels / 1e6:0.#} megapixels");

    /// <summary>Whether frames of this format may be taken.</summary>
    internal bool Allows(FrameFormat format) => format.SizeBytes <= FrameBytes;

    /// <summary>Whether ffmpeg has refused a picture.</summary>
    /// <param name="lines">What it said.</param>
    internal static bool WasExceeded(IEnumerable<string> lines) => lines.Any(line => line.Contains(Refusal, StringComparison.Ordinal));
}
