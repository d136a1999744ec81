using FaceAnonStream.Detection;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Tests.Kit;

/// <summary>Answers what a script says, or throws what the script throws.</summary>
internal sealed class ScriptedDetector(Func<VideoFrame, IReadOnlyList<FaceDetection>> script) : IFaceDetector
{
    public ModelIdentity Model { get; } = new("scripted", new string('0', 64), "CPU");

    public ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(IReadOnlyList<VideoFrame> frames, CancellationToken ct) =>
        new([.. frames.Select(script)]);

    public void Dispose()
    {
    }
}
