using FaceAnonStream.Faults;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Catalog;

/// <summary>Which models there are, and which one is used for a task.</summary>
/// <param name="folders">Where installed models lie.</param>
public sealed class ModelCatalog(ModelFolders folders)
{
    /// <summary>Installed and embedded models; of those for one task, the first is used unless another is asked for.</summary>
    /// <remarks>Embedded detectors come last: they measure worse than every published one (see their model card).</remarks>
    public IEnumerable<CatalogModel> Models => Installed.Concat(EmbeddedModel.All.Select(CatalogModel.Embedded));

    // An installed file's hash is not demanded: a detector that the user trained further is as good, and reports name it.
    private IEnumerable<CatalogModel> Installed =>
        from known in KnownDetector.All
        let path = folders.Find(known.FileName)
        where path is not null
        select CatalogModel.Installed(known, path);

    /// <summary>The model to use for a task.</summary>
    /// <param name="task">What it is for.</param>
    /// <param name="path">The ONNX file or manifest that was asked for; null takes the best of <see cref="Models"/>.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: there is no such file, its manifest
    /// is missing (a detector needs none) or wrong, or it is for another task.</exception>
    public CatalogModel Resolve(ModelTask task, string? path) =>
        path is not null ? CatalogModel.At(path, task) : Models.First(model => model.Task == task);

    /// <summary>Every model, with its size and hash: reads all their files.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: one cannot be read.</exception>
    public IReadOnlyList<ModelListing> List()
    {
        var tasks = new HashSet<ModelTask>();
        return [.. Models.Select(model => ModelListing.Of(model, isDefault: tasks.Add(model.Task)))];
    }
}
