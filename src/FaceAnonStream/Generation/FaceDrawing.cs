using FaceAnonStream.Alignment;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Generation;

/// <summary>A synthetic face ready to be blended into a frame, or why there is none. Owns its memory.</summary>
public sealed class FaceDrawing : IDisposable
{
    private IDisposable? _memory;

    private FaceDrawing()
    {
    }

    /// <summary>Where it belongs.</summary>
    public FaceSquare Square { get; private init; }

    /// <summary>Width and height of the drawing in pixels.</summary>
    public int Size { get; private init; }

    /// <summary>[3, S, S], RGB, 0 to 1.</summary>
    public ReadOnlyMemory<float> Face { get; private init; }

    /// <summary>[S, S]: the share of the drawing in each pixel, 0 to 1, and 0 at the edge.</summary>
    public ReadOnlyMemory<float> Mask { get; private init; }

    /// <summary>Why the face gets a heavier cover instead, or null.</summary>
    public FallbackReason? Fallback { get; private init; }

    /// <param name="square">Where it belongs.</param>
    /// <param name="size">Width and height in pixels.</param>
    /// <param name="face">[3, S, S].</param>
    /// <param name="mask">[S, S].</param>
    /// <param name="memory">What <paramref name="face"/> and <paramref name="mask"/> lie in; disposed with the drawing.</param>
    public static FaceDrawing Of(
        FaceSquare square, int size, ReadOnlyMemory<float> face, ReadOnlyMemory<float> mask, IDisposable? memory = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(face.Length, 3 * size * size, nameof(face));
        ArgumentOutOfRangeException.ThrowIfNotEqual(mask.Length, size * size, nameof(mask));
        return new FaceDrawing { Square = square, Size = size, Face = face, Mask = mask, _memory = memory };
    }

    public static FaceDrawing Fallen(FallbackReason reason) => new() { Fallback = reason };

    /// <summary>Gives the memory back; the pixels must not be read any more. Later calls do nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _memory, null)?.Dispose();
}
