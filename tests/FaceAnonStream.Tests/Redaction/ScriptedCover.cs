using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Redaction;
using FaceAnonStream.Tracking;

namespace FaceAnonStream.Tests.Redaction;

/// <summary>Notes which track it was asked to cover, and throws where the script does.</summary>
internal sealed class ScriptedCover(OutcomeKind kind, List<string> calls, Action<TrackedFace>? script = null) : IFaceCover
{
    public OutcomeKind Kind { get; } = kind;

    public void Cover(VideoFrame frame, in TrackedFace face, FaceDrawing? drawing)
    {
        calls.Add($"{Kind} {face.TrackId}");
        script?.Invoke(face);
    }
}
