using FaceAnonStream.Faults;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Generation;

/// <summary>Loads generators of synthetic faces, whatever their contract.</summary>
public static class FaceGenerators
{
    /// <summary>Loads a generator, to be shared by all streams; the caller disposes it.</summary>
    /// <param name="model">A model for <see cref="ModelTask.FaceGeneration"/>.</param>
    /// <param name="options">Batches, threads and deadlines.</param>
    /// <param name="provider">Where it runs.</param>
    /// <param name="time">Measures waiting and deadlines.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: a file cannot be read;
    /// <see cref="FaultOrigin.Model"/>: it is not what the manifest describes; <see cref="FaultOrigin.Node"/>: ONNX Runtime
    /// does not work here.</exception>
    public static IFaceGenerator Load(CatalogModel model, GenerateOptions options, ProviderPreference provider, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var manifest = ManifestOf(model);
        var graphs = SizedGraphs.Load(model, options, provider, time);
        try
        {
            return manifest.Template.Contract switch
            {
                GenerationContract.FaceSwap => new FaceSwapGenerator(graphs, manifest, ReadProjection(model, manifest)),
                GenerationContract.Inpainting => new InpaintingGenerator(graphs, manifest),
                _ => new SurrogateFaceGenerator(graphs, manifest, ReadRecipe(model, manifest)),
            };
        }
        catch
        {
            graphs.Dispose();
            throw;
        }
    }

    /// <summary>The latents that identities for a generator are drawn from; null where its contract has none.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: the file cannot be read;
    /// <see cref="FaultOrigin.Model"/>: it is no gallery of this generator.</exception>
    public static LatentGallery? ReadGallery(CatalogModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var manifest = ManifestOf(model);
        if (GalleryOf(model, manifest) is not { } file)
        {
            return null;
        }

        var gallery = GalleryReader.ReadLatents(file.Name, file.ReadVerified().Bytes);
        var length = manifest.Template.Latent.Sum(part => part.Length);
        return gallery.LatentLength == length
            ? gallery
            : throw new FaultException(FaultOrigin.Model, $"{file.Name}: latents of {gallery.LatentLength} numbers; the manifest has {length}");
    }

    private static SourceProjection ReadProjection(CatalogModel model, GenerationManifest manifest)
    {
        var file = GalleryOf(model, manifest)!;
        return new SourceProjection(
            model.Name,
            manifest.Template.Latent.Sum(part => part.Length),
            GalleryReader.ReadProjection(file.Name, file.ReadVerified().Bytes));
    }

    private static SurrogateRecipe ReadRecipe(CatalogModel model, GenerationManifest manifest)
    {
        var file = GalleryOf(model, manifest)!;
        return SurrogateRecipe.Read(file.Name, file.ReadVerified().Bytes, manifest.Template.Sizes);
    }

    private static ModelSource? GalleryOf(CatalogModel model, GenerationManifest manifest) =>
        model.Files.FirstOrDefault(file => file.FileName == manifest.Template.Gallery);

    private static GenerationManifest ManifestOf(CatalogModel model) =>
        model.Manifest as GenerationManifest ?? throw new ArgumentException($"{model.Name} draws no faces", nameof(model));
}
