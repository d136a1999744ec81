using System.Numerics;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Alignment;

/// <summary>How one face lies in one frame, or why it must not be drawn over.</summary>
public sealed record FaceAlignment
{
    private FaceAlignment()
    {
    }

    /// <summary>Landmarks, smoothed over time, in luma pixels; empty when there is a <see cref="Fallback"/>.</summary>
    public ReadOnlyMemory<Vector2> Points { get; private init; }

    /// <summary>Why the face gets a mosaic instead, or null.</summary>
    public FallbackReason? Fallback { get; private init; }

    public static FaceAlignment Of(ReadOnlyMemory<Vector2> points) => new() { Points = points };

    public static FaceAlignment Fallen(FallbackReason reason) => new() { Fallback = reason };
}

/// <summary>A tracked frame and how each of its faces lies. Owns the frame.</summary>
/// <param name="tracked">Taken over.</param>
/// <param name="faces">One for each face of <paramref name="tracked"/>, in order.</param>
public sealed class AlignedFrame(TrackedFrame tracked, IReadOnlyList<FaceAlignment> faces) : IDisposable
{
    public TrackedFrame Tracked { get; } = tracked;

    public IReadOnlyList<FaceAlignment> Faces { get; } = faces;

    public void Dispose() => Tracked.Dispose();
}
