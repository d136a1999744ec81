using FaceAnonStream.Identity;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Models;

namespace FaceAnonStream.Cli.Scene;

/// <summary>The generator that draws a scene's faces, at every size that it comes in, and its gallery.</summary>
/// <param name="Gallery">Gives the people their faces.</param>
/// <param name="Sources">One model per size.</param>
/// <param name="Margin">Side of a crop in sides of the landmarks' bounding box.</param>
internal sealed record SceneModel(SurrogateGallery Gallery, IReadOnlyList<ModelSource> Sources, float Margin)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>A generator from the catalog.</summary>
    /// <exception cref="Faults.FaultException">Its gallery is not what it should be.</exception>
    public static SceneModel Of(CatalogModel model)
    {
        var template = ((GenerationManifest)model.Manifest!).Template;
        var gallery = model.Files.First(file => file.FileName == template.Gallery);
        return new SceneModel(GalleryReader.Read(gallery.Name, gallery.ReadVerified().Bytes), [.. model.Graphs], (float)template.Margin);
    }

    /// <summary>Loads the generators for one renderer, each on one thread; the caller disposes them.</summary>
    /// <exception cref="Faults.FaultException">One of them does not load.</exception>
    public IReadOnlyList<SurrogateGenerator> Load(TimeProvider time)
    {
        var generators = new List<SurrogateGenerator>();
        try
        {
            foreach (var source in Sources)
            {
                var options = new OnnxSessionOptions { Threads = 1, Provider = ProviderPreference.Cpu };
                generators.Add(SurrogateGenerator.Load(source, Gallery, options, Timeout, time));
            }

            return generators;
        }
        catch
        {
            generators.ForEach(generator => generator.Dispose());
            throw;
        }
    }
}
