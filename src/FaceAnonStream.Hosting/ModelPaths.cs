namespace FaceAnonStream.Hosting;

/// <summary>Models that were asked for by path; null chooses the best one that is installed, or the embedded one.</summary>
/// <param name="Detector">An ONNX face detector with YuNet's layout.</param>
/// <param name="Landmarks">An ONNX landmark net with its manifest beside it.</param>
/// <param name="Generator">An ONNX generator with its manifest beside it.</param>
public sealed record ModelPaths(string? Detector, string? Landmarks, string? Generator);
