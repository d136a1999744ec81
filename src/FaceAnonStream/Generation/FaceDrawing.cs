using FaceAnonStream.Alignment;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Generation;

/// <summary>A synthetic face ready to be blended into a frame, or why there is none.</summary>
public sealed record FaceDrawing
{
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

    public static FaceDrawing Of(FaceSquare square, int size, ReadOnlyMemory<float> face, ReadOnlyMemory<float> mask)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(face.Length, 3 * size * size, nameof(face));
        ArgumentOutOfRangeException.ThrowIfNotEqual(mask.Length, size * size, nameof(mask));
        return new FaceDrawing { Square = square, Size = size, Face = face, Mask = mask };
    }

    public static FaceDrawing Fallen(FallbackReason reason) => new() { Fallback = reason };
}
