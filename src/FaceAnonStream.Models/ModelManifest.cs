using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaceAnonStream.Models;

/// <summary>
/// What a model is, takes and gives: a JSON file beside its ONNX files. A value is valid: <see cref="ManifestReader"/> is
/// the only maker in the program.
/// </summary>
public abstract record ModelManifest
{
    /// <summary>Letters, digits, dots, dashes and underscores; also the manifest's file name without <c>.json</c>.</summary>
    public required string Name { get; init; }

    public required ModelTask Task { get; init; }

    /// <summary>Every file that belongs to the model, in the manifest's own folder.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>SPDX expression.</summary>
    public required string Licence { get; init; }

    public required IReadOnlyList<ModelTensor> Inputs { get; init; }

    public required IReadOnlyList<ModelTensor> Outputs { get; init; }

    /// <summary>Data that the weights were trained on.</summary>
    public required IReadOnlyList<TrainingData> TrainedOn { get; init; }

    /// <summary>Models whose answers the weights were trained on.</summary>
    public required IReadOnlyList<Teacher> Teachers { get; init; }

    /// <summary>File of the model card, in Markdown.</summary>
    public required string Card { get; init; }

    /// <summary>The manifest as it stands in its file.</summary>
    public JsonNode ToJson() => JsonSerializer.SerializeToNode(this, ManifestJson.Default.GetTypeInfo(GetType())!)!;
}

/// <summary>A model of <see cref="ModelTask.FaceDetection"/>.</summary>
public sealed record DetectionManifest : ModelManifest
{
    public required DetectionTemplate Template { get; init; }
}

/// <summary>A model of <see cref="ModelTask.FaceLandmarks"/>.</summary>
public sealed record LandmarkManifest : ModelManifest
{
    public required LandmarkTemplate Template { get; init; }
}

/// <summary>A model of <see cref="ModelTask.FaceGeneration"/>.</summary>
public sealed record GenerationManifest : ModelManifest
{
    public required GenerationTemplate Template { get; init; }
}

/// <param name="File">Name in the manifest's folder.</param>
/// <param name="Sha256">Lower-case hex hash of its bytes.</param>
public sealed record ManifestFile(string File, string Sha256);

/// <summary>A tensor that one of a model's ONNX graphs takes or gives.</summary>
public sealed record ModelTensor
{
    /// <summary>The ONNX file whose tensor it is.</summary>
    public required string File { get; init; }

    public required string Name { get; init; }

    /// <summary>Always <c>float32</c>.</summary>
    public required string Type { get; init; }

    public required IReadOnlyList<Side> Shape { get; init; }

    /// <summary><c>BGR</c>, <c>RGB</c> or <c>Y</c> for a picture; null for anything else.</summary>
    public string? Colour { get; init; }

    /// <summary>Smallest and largest value that means something; null where there are none.</summary>
    public IReadOnlyList<double>? Range { get; init; }

    public required string Meaning { get; init; }
}

/// <param name="Data">What it is.</param>
/// <param name="Source">Who made or publishes it.</param>
/// <param name="Licence">Under which terms.</param>
public sealed record TrainingData(string Data, string Source, string Licence);

/// <param name="Name">Its usual name.</param>
/// <param name="Source">Who made or publishes it.</param>
/// <param name="Licence">Under which terms.</param>
public sealed record Teacher(string Name, string Source, string Licence);

/// <summary>How pictures are shown to a detector, and what it answers.</summary>
public sealed record DetectionTemplate
{
    /// <summary>How boxes are coded; always <c>YuNet</c>.</summary>
    public required string Layout { get; init; }

    /// <summary>Pixels of the input per cell of each level of outputs.</summary>
    public required IReadOnlyList<int> Strides { get; init; }

    /// <summary>Width and height of the input are multiples of this.</summary>
    public required int Alignment { get; init; }

    /// <summary>From this score on the detector is as sure as the measured tables say, 0 to 1.</summary>
    public required double Score { get; init; }
}

/// <summary>How faces are shown to a landmark net, and what its points are.</summary>
public sealed record LandmarkTemplate
{
    /// <summary>The crop in words.</summary>
    public required string Crop { get; init; }

    /// <summary>Side of the square crop, in sides of the face box.</summary>
    public required double Factor { get; init; }

    /// <summary>Width and height of the input in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>The topology's index of each point, in the order of the output.</summary>
    public required IReadOnlyList<int> Points { get; init; }

    /// <summary>Name of the point numbering.</summary>
    public required string Topology { get; init; }
}

/// <summary>How faces are shown to a generator, and what steers it.</summary>
public sealed record GenerationTemplate
{
    /// <summary>What the graphs take and give; <c>surrogate</c> where nothing is said. See <see cref="GenerationContract"/>.</summary>
    public string? Contract { get; init; }

    /// <summary>The crop in words.</summary>
    public required string Crop { get; init; }

    /// <summary>Side of the square crop, in sides of the landmarks' bounding box.</summary>
    public required double Margin { get; init; }

    /// <summary>Widths (and heights) in pixels at which the generator draws.</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    /// <summary>The topology's index of each landmark, in the order of the input.</summary>
    public required IReadOnlyList<int> Points { get; init; }

    /// <summary>
    /// Right eye, left eye, nose tip, right and left mouth corner (the subject's right and left): the topology's indices of the
    /// landmarks whose mean each one is. Needed with <see cref="Alignment"/>.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? FivePoints { get; init; }

    /// <summary>
    /// Where the five points come to lie, as x and y in sides of the crop, which then is placed by them and not by
    /// <see cref="Margin"/>.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>>? Alignment { get; init; }

    /// <summary>
    /// The file that holds the latents to draw identities from; one of <see cref="ModelManifest.Files"/>. Null where the
    /// contract has no latent.
    /// </summary>
    public string? Gallery { get; init; }

    /// <summary>The parts of a latent, in order; empty where the contract has none.</summary>
    public required IReadOnlyList<LatentPart> Latent { get; init; }
}

/// <summary>What a generator's graphs take and give, by the names of their tensors. S is a side in pixels.</summary>
public static class GenerationContract
{
    /// <summary><c>context</c> [N, 3, S, S], <c>landmarks</c> [N, L, 2], <c>latent</c> [N, D], <c>detail</c> [N, 4] → <c>face</c> [N, 3, S, S],
    /// <c>mask</c> [N, 1, S, S].</summary>
    public const string Surrogate = "surrogate";

    /// <summary><c>target</c> [N, 3, S, S], <c>source</c> [N, D] → <c>output</c> [N, 3, S, S]. The source has length 1; the
    /// gallery may hold a <c>projection</c> [E, D] that makes it from a latent of E numbers.</summary>
    public const string FaceSwap = "face-swap";

    /// <summary><c>picture</c> [N, 3, S, S], black where <c>mask</c> [N, 1, S, S] is 1 → <c>output</c> [N, 3, S, S].</summary>
    public const string Inpainting = "inpainting";

    public static IReadOnlyList<string> All { get; } = [Surrogate, FaceSwap, Inpainting];
}
