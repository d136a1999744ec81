using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Catalog;

/// <summary>A model on this machine, as listings show it.</summary>
/// <param name="Name">The manifest's name for it, or its file's.</param>
/// <param name="Task">E.g. <c>face-detection</c>.</param>
/// <param name="Licence">SPDX expression, or <c>unknown</c>.</param>
/// <param name="Path">Where it lies; null when it is embedded.</param>
/// <param name="IsDefault">Whether it is used for its task when none is named.</param>
/// <param name="Files">Its files.</param>
public sealed record ModelListing(
    string Name, string Task, string Licence, string? Path, bool IsDefault, IReadOnlyList<ModelFileListing> Files)
{
    internal static ModelListing Of(CatalogModel model, bool isDefault) => new(
        model.Name,
        model.Task.Key(),
        model.Licence,
        model.Path,
        isDefault,
        [.. model.Files.Select(file => ModelFileListing.Of(file, model.ExpectedSha256(file)))]);
}

/// <summary>A file of a model.</summary>
/// <param name="File">Its name.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Sha256">Lower-case hex hash of its bytes.</param>
/// <param name="IsKnown">Whether that is the hash of its manifest, or of the file published under its name.</param>
public sealed record ModelFileListing(string File, long SizeBytes, string Sha256, bool IsKnown)
{
    internal static ModelFileListing Of(ModelSource source, string? expected)
    {
        var (bytes, sha256) = source.ReadHashed();
        return new ModelFileListing(source.FileName, bytes.Length, sha256, sha256 == expected);
    }
}
