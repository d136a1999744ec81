using System.Security.Cryptography;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference.Catalog;

/// <summary>A published face detector that this program can run.</summary>
/// <param name="FileName">Under this name it is found.</param>
/// <param name="Sha256">Lower-case hex hash of the published file.</param>
/// <param name="Licence">SPDX expression.</param>
/// <param name="Source">Project that publishes it.</param>
public sealed record KnownDetector(string FileName, string Sha256, string Licence, string Source);

/// <summary>A model that was found on this machine.</summary>
/// <param name="Name">File name.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Sha256">Lower-case hex hash of the file.</param>
/// <param name="IsPublished">Whether it is, bit for bit, the file that its project published.</param>
/// <param name="Licence">SPDX expression of the published file.</param>
/// <param name="Task">What the model does, e.g. <c>face-detection</c>.</param>
public sealed record InstalledModel(string Name, string Path, string Sha256, bool IsPublished, string Licence, string Task);

/// <summary>Which face detectors there are and which one is used.</summary>
public static class DetectorCatalog
{
    private const string Task = "face-detection";

    /// <summary>In order of preference.</summary>
    public static IReadOnlyList<KnownDetector> Known { get; } =
    [
        new("yunet_n_dynamic.onnx", "104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12", "MIT", "ShiqiYu/libfacedetection.train"),
        new("yunet_s_dynamic.onnx", "daede24002cc8590f457998cc5e6c9e8b82f45f6bd969506a8913cd4ed10a2d3", "MIT", "ShiqiYu/libfacedetection.train"),
        new("face_detection_yunet_2023mar.onnx", "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4", "MIT AND Apache-2.0", "opencv/opencv_zoo"),
    ];

    /// <summary>The detector to use: the file that was asked for, or the most preferred one that is installed. Its hash
    /// is not demanded: a detector that the user trained further is as good, and reports name the hash.</summary>
    /// <param name="path">The file that was asked for, or null.</param>
    /// <param name="folders">Where installed models lie.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: there is none.</exception>
    public static ModelSource Resolve(string? path, ModelFolders folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        if (path is not null)
        {
            return File.Exists(path)
                ? new ModelFile(path)
                : throw new FaultException(FaultOrigin.Configuration, $"{path}: no such model file");
        }

        foreach (var detector in Known)
        {
            if (folders.Find(detector.FileName) is { } found)
            {
                return new ModelFile(found);
            }
        }

        throw new FaultException(
            FaultOrigin.Configuration,
            $"no face detector is installed: put {Known[0].FileName} (from {Known[0].Source}) into one of the folders "
            + $"{string.Join(", ", folders.Paths)}, set {ModelFolders.EnvironmentVariable} to the folder that holds it, "
            + "or name the file");
    }

    /// <summary>The known detectors that are installed, in order of preference.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: one cannot be read.</exception>
    public static IReadOnlyList<InstalledModel> Installed(ModelFolders folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var installed = new List<InstalledModel>();
        foreach (var detector in Known)
        {
            if (folders.Find(detector.FileName) is { } path)
            {
                var sha256 = Convert.ToHexStringLower(SHA256.HashData(new ModelFile(path).Read()));
                installed.Add(new InstalledModel(
                    detector.FileName, path, sha256, sha256 == detector.Sha256, detector.Licence, Task));
            }
        }

        return installed;
    }
}
