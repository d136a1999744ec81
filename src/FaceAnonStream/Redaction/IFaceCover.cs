using FaceAnonStream.Frames;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Redaction;

/// <summary>One way to make a face unrecognisable: a rung of the ladder.</summary>
public interface IFaceCover
{
    OutcomeKind Kind { get; }

    /// <summary>
    /// Changes the frame's planes in place so that the whole head of <paramref name="face"/> is covered. May throw, and
    /// may then leave the planes half changed: the next rung covers the same region.
    /// </summary>
    void Cover(VideoFrame frame, in TrackedFace face);
}
