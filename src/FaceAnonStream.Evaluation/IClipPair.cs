using FaceAnonStream.Evaluation.Faces;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Evaluation;

/// <summary>A recording and its anonymised version.</summary>
public interface IClipPair
{
    /// <summary>How reports call it.</summary>
    string Name { get; }

    /// <summary>Frames that the original's container announces; null when unknown. It may be wrong.</summary>
    long? FrameCount { get; }

    /// <summary>What the anonymiser says of each face, frame after frame, as it is enumerated; null when that is not known.</summary>
    IEnumerable<ListedFrame>? ListedFrames { get; }

    /// <summary>Decodes the original from its first frame; it is opened twice. The caller disposes the source.</summary>
    IVideoSource OpenOriginal();

    /// <summary>Decodes the anonymised version from its first frame. The caller disposes the source.</summary>
    IVideoSource OpenAnonymised();
}
