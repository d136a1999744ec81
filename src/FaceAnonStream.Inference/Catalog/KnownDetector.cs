namespace FaceAnonStream.Inference.Catalog;

/// <summary>A published face detector with YuNet's layout, which needs no manifest.</summary>
/// <param name="FileName">Under this name it is found.</param>
/// <param name="Sha256">Lower-case hex hash of the published file.</param>
/// <param name="Licence">SPDX expression.</param>
/// <param name="Publisher">Project that publishes it.</param>
public sealed record KnownDetector(string FileName, string Sha256, string Licence, string Publisher)
{
    /// <summary>In order of preference.</summary>
    public static IReadOnlyList<KnownDetector> All { get; } =
    [
        new("yunet_n_dynamic.onnx", "104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12", "MIT", "ShiqiYu/libfacedetection.train"),
        new("yunet_s_dynamic.onnx", "daede24002cc8590f457998cc5e6c9e8b82f45f6bd969506a8913cd4ed10a2d3", "MIT", "ShiqiYu/libfacedetection.train"),
        new("face_detection_yunet_2023mar.onnx", "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4", "MIT AND Apache-2.0", "opencv/opencv_zoo"),
    ];
}
