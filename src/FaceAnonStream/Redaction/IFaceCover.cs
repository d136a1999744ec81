using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Redaction;

/// <summary>One way to make a face unrecognisable: a rung of the ladder.</summary>
public interface IFaceCover
{
    OutcomeKind Kind { get; }

    /// <summary>
    /// Changes the frame's planes in place so that the face is covered, by all rungs but the synthetic with its whole head.
    /// May throw, and may then leave the planes half changed: the next rung covers the same region.
    /// </summary>
    /// <param name="frame">The frame.</param>
    /// <param name="face">Where the face is.</param>
    /// <param name="drawing">The synthetic face; null where none was asked for or none could be drawn.</param>
    void Cover(VideoFrame frame, in TrackedFace face, FaceDrawing? drawing);
}
