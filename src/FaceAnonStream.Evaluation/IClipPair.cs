using FaceAnonStream.Frames;

namespace FaceAnonStream.Evaluation;

/// <summary>A recording and its anonymised version.</summary>
public interface IClipPair
{
    /// <summary>How reports call it.</summary>
    string Name { get; }

    /// <summary>Frames that the original's container announces; null when unknown. It may be wrong.</summary>
    long? FrameCount { get; }

    /// <summary>Decodes the original from its first frame; it is opened twice. The caller disposes the source.</summary>
    IVideoSource OpenOriginal();

    /// <summary>Decodes the anonymised version from its first frame. The caller disposes the source.</summary>
    IVideoSource OpenAnonymised();
}
