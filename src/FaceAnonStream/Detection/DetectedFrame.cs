using FaceAnonStream.Frames;

namespace FaceAnonStream.Detection;

/// <summary>A frame and what the detector saw in it. Owns the frame.</summary>
/// <param name="frame">Taken over.</param>
/// <param name="faces">What was found.</param>
/// <param name="failure">Why the detector could not look, or null when it did: such a frame becomes solid.</param>
public sealed class DetectedFrame(VideoFrame frame, IReadOnlyList<FaceDetection> faces, string? failure = null) : IDisposable
{
    public VideoFrame Frame { get; } = frame;

    public IReadOnlyList<FaceDetection> Faces { get; } = faces;

    public string? Failure { get; } = failure;

    public void Dispose() => Frame.Dispose();
}
