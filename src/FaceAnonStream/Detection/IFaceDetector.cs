using FaceAnonStream.Frames;

namespace FaceAnonStream.Detection;

/// <summary>A loaded neural network, as reports name it.</summary>
/// <param name="Name">File name, after <c>embedded</c> where it is part of the program.</param>
/// <param name="Sha256">Lower-case hex hash of the ONNX file.</param>
/// <param name="Provider">Execution provider, e.g. <c>CPU</c>.</param>
public sealed record ModelIdentity(string Name, string Sha256, string Provider);

/// <summary>Finds faces in a batch of frames. One call at a time, unless an implementation says otherwise.</summary>
public interface IFaceDetector : IDisposable
{
    ModelIdentity Model { get; }

    /// <summary>Looks at every frame and returns one list per frame, in order, best score first.</summary>
    /// <param name="frames">1 to the configured batch size of frames of one format; borrowed until the call ends.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: inference failed or gave
    /// values that are not finite. The caller must treat every frame of the batch as not looked at.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; a running inference is asked to
    /// stop and its memory stays alive until it has.</exception>
    ValueTask<IReadOnlyList<IReadOnlyList<FaceDetection>>> DetectAsync(IReadOnlyList<VideoFrame> frames, CancellationToken ct);
}
