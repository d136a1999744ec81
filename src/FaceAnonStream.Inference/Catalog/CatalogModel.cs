using FaceAnonStream.Faults;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Catalog;

/// <summary>A model that can be loaded: embedded, installed or named by path.</summary>
public sealed record CatalogModel
{
    private const string UnknownLicence = "unknown";

    private CatalogModel()
    {
    }

    public required string Name { get; init; }

    public required ModelTask Task { get; init; }

    /// <summary>SPDX expression, or <c>unknown</c>.</summary>
    public required string Licence { get; init; }

    /// <summary>Its ONNX file, or its manifest where that was named; null when it is embedded.</summary>
    public string? Path { get; init; }

    /// <summary>What it takes and gives; null for a detector with YuNet's layout that has none.</summary>
    public ModelManifest? Manifest { get; init; }

    /// <summary>The published detector whose file name it has.</summary>
    public KnownDetector? Known { get; init; }

    /// <summary>All its files, at least one of them an ONNX file.</summary>
    public required IReadOnlyList<ModelSource> Files { get; init; }

    /// <summary>The ONNX files.</summary>
    public IEnumerable<ModelSource> Graphs =>
        Manifest is null ? Files : Files.Where(file => file.FileName.EndsWith(".onnx", StringComparison.Ordinal));

    /// <summary>The only ONNX file of a detector or a landmark net.</summary>
    public ModelSource Graph => Graphs.Single();

    /// <summary>The embedded model that it is; null for a file.</summary>
    public EmbeddedModel? Origin { get; init; }

    /// <summary>Lower-case hex hash that a file should have: its manifest's or the published one. Null where none is known.</summary>
    public string? ExpectedSha256(ModelSource file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Sha256 ?? Known?.Sha256;
    }

    internal static CatalogModel Embedded(EmbeddedModel model) => new()
    {
        Name = model.Manifest.Name,
        Task = model.Manifest.Task,
        Licence = model.Manifest.Licence,
        Manifest = model.Manifest,
        Files = [.. model.Manifest.Files.Select(file => new EmbeddedFile(model, file))],
        Origin = model,
    };

    internal static CatalogModel Installed(KnownDetector known, string path) => new()
    {
        Name = known.FileName,
        Task = ModelTask.FaceDetection,
        Licence = known.Licence,
        Path = path,
        Known = known,
        Files = [new ModelFile(path)],
    };

    /// <summary>A model by path: an ONNX file, with its manifest beside it under the same name, or that manifest.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: there is no such file, its manifest
    /// is missing (a detector needs none) or wrong, or it is for another task.</exception>
    internal static CatalogModel At(string path, ModelTask task)
    {
        if (!File.Exists(path))
        {
            throw Refused(path, "no such model file");
        }

        var manifestPath = System.IO.Path.ChangeExtension(path, ".json");
        if (!File.Exists(manifestPath))
        {
            return task == ModelTask.FaceDetection
                ? WithoutManifest(path, task)
                : throw Refused(path, $"a {task.Key()} model needs a manifest, and there is no {manifestPath}; name the manifest if it has another name");
        }

        var result = ManifestReader.Read(new ModelFile(manifestPath).Read());
        var manifest = result.Manifest ?? throw Refused(manifestPath, string.Join("; ", result.Problems));
        if (manifest.Task != task)
        {
            throw Refused(manifestPath, $"a {manifest.Task.Key()} model; allowed {task.Key()}");
        }

        if (path != manifestPath && manifest.Files.All(file => file.File != System.IO.Path.GetFileName(path)))
        {
            throw Refused(manifestPath, $"does not list {System.IO.Path.GetFileName(path)}");
        }

        return WithManifest(path, manifest);
    }

    private static CatalogModel WithoutManifest(string path, ModelTask task) => new()
    {
        Name = System.IO.Path.GetFileName(path),
        Task = task,
        Licence = UnknownLicence,
        Path = path,
        Files = [new ModelFile(path)],
    };

    private static CatalogModel WithManifest(string path, ModelManifest manifest)
    {
        string Beside(string file) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", file);
        return new CatalogModel
        {
            Name = manifest.Name,
            Task = manifest.Task,
            Licence = manifest.Licence,
            Path = path,
            Manifest = manifest,
            Files = [.. manifest.Files.Select(file => new ModelFile(Beside(file.File), file.Sha256))],
        };
    }

    private static FaultException Refused(string path, string why) => new(FaultOrigin.Configuration, $"{path}: {why}");
}
