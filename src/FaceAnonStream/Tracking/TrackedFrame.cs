using FaceAnonStream.Frames;
using FaceAnonStream.Generation;

namespace FaceAnonStream.Tracking;

/// <summary>Where the knowledge about a face's place comes from.</summary>
public enum Evidence
{
    /// <summary>The detector saw the face in this frame.</summary>
    Observed,

    /// <summary>Before the track's first, between two or after its last observation.</summary>
    Filled,
}

/// <summary>One face to be covered in one frame.</summary>
/// <param name="TrackId">From 1, unique within the job.</param>
/// <param name="Box">Smoothed face box in luma pixels that holds the frame's own observation; may reach beyond the frame.</param>
/// <param name="Evidence">How the box is known.</param>
/// <param name="Score">The observation's score; 0 when filled.</param>
/// <param name="IsConfirmed">Whether the track has strong observations enough that it is a face and no false alarm. It is
/// covered either way, but only a confirmed one may be given a synthetic face.</param>
public readonly record struct TrackedFace(int TrackId, RectF Box, Evidence Evidence, float Score, bool IsConfirmed = false);

/// <summary>A frame and every face that must be covered in it. Owns the frame.</summary>
/// <param name="frame">Taken over.</param>
/// <param name="faces">Every face known of, from look-ahead and memory too.</param>
/// <param name="failure">Why the whole frame must become solid, or null.</param>
public sealed class TrackedFrame(VideoFrame frame, IReadOnlyList<TrackedFace> faces, string? failure = null) : IDisposable
{
    public VideoFrame Frame { get; } = frame;

    public IReadOnlyList<TrackedFace> Faces { get; } = faces;

    public string? Failure { get; } = failure;

    /// <summary>Tracks that no later frame will show.</summary>
    public IReadOnlyList<int> EndedTracks { get; init; } = [];

    /// <summary>One for each face, in order; empty where no synthetic faces are asked for. Owned.</summary>
    public IReadOnlyList<FaceDrawing> Drawings { get; init; } = [];

    /// <summary>The same with drawings, which it takes over with the frame: this one must not be used any more.</summary>
    /// <param name="drawings">One for each face, in order, or none at all.</param>
    public TrackedFrame WithDrawings(IReadOnlyList<FaceDrawing> drawings) =>
        new(Frame, Faces, Failure) { EndedTracks = EndedTracks, Drawings = drawings };

    /// <summary>Gives the drawings' memory back, and keeps the frame.</summary>
    public void ReleaseDrawings()
    {
        foreach (var drawing in Drawings)
        {
            drawing.Dispose();
        }
    }

    public void Dispose()
    {
        ReleaseDrawings();
        Frame.Dispose();
    }
}

/// <summary>One track, for the report. Times are PTS ticks of covered frames.</summary>
/// <param name="Id">From 1.</param>
/// <param name="FirstPts">First covered frame.</param>
/// <param name="LastPts">Last covered frame.</param>
/// <param name="Observed">Covered frames in which the detector saw the face.</param>
/// <param name="Filled">Covered frames in which it did not.</param>
public sealed record TrackSummary(int Id, long FirstPts, long LastPts, int Observed, int Filled);
