using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Generation;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Generation;
using FaceAnonStream.Inference.Landmarks;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Jobs;
using FaceAnonStream.Models;

namespace FaceAnonStream.Hosting;

/// <summary>The models that replace faces by synthetic ones, loaded, and the secret that identities are drawn with.</summary>
public sealed class SynthesisModels : IDisposable
{
    private readonly ILandmarkNet _landmarks;
    private readonly IFaceGenerator _generator;
    private readonly IReadOnlyList<int> _topology;
    private readonly FaceShape _shape;
    private readonly LatentGallery? _gallery;
    private readonly IdentityKey _key;

    private SynthesisModels(
        ILandmarkNet landmarks,
        IFaceGenerator generator,
        IReadOnlyList<int> topology,
        FaceShape shape,
        LatentGallery? gallery,
        IdentityKey key)
    {
        _landmarks = landmarks;
        _generator = generator;
        _topology = topology;
        _shape = shape;
        _gallery = gallery;
        _key = key;
    }

    /// <summary>What was loaded.</summary>
    public IReadOnlyList<ModelIdentity> Models => [_landmarks.Model, .. _generator.Models];

    /// <summary>Loads what a job asks for.</summary>
    /// <param name="catalog">Where models are found.</param>
    /// <param name="paths">Which ones.</param>
    /// <param name="keyPath">File with the secret that identities are drawn with; null draws a fresh one.</param>
    /// <param name="options">How they are run.</param>
    /// <param name="time">Measures deadlines.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: a file cannot be read, or the key is
    /// none; <see cref="FaultOrigin.Model"/>: a model is not what it should be.</exception>
    public static async Task<SynthesisModels> LoadAsync(
        ModelCatalog catalog, ModelPaths paths, string? keyPath, FaceAnonOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        var key = keyPath is { } path ? ReadKey(path) : IdentityKey.Random();
        var generatorModel = catalog.Resolve(ModelTask.FaceGeneration, paths.Generator);
        var gallery = FaceGenerators.ReadGallery(generatorModel);
        var landmarkModel = catalog.Resolve(ModelTask.FaceLandmarks, paths.Landmarks);
        var topology = TopologyOf(landmarkModel, generatorModel);
        var shape = ReadShape(catalog);

        // Side by side: the job waits for both.
        var drawing = Task.Run(() => FaceGenerators.Load(generatorModel, options.Generate, ProviderPreference.Auto, time));
        ILandmarkNet? landmarks = null;
        try
        {
            landmarks = ParallelLandmarkNet.Load(
                landmarkModel,
                new OnnxSessionOptions { Threads = options.Align.Threads },
                TimeSpan.FromMilliseconds(options.Align.TimeoutMs),
                time);
            return new SynthesisModels(landmarks, await drawing, topology, shape, gallery, key);
        }
        catch
        {
            landmarks?.Dispose();
            await ((Task)drawing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (drawing.IsCompletedSuccessfully)
            {
                (await drawing).Dispose();
            }

            throw;
        }
    }

    /// <summary>For one stream.</summary>
    /// <param name="streamId">Names it: the same key and name give the same people.</param>
    /// <param name="options">What it asked for.</param>
    public Synthesis For(string streamId, FaceAnonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Synthesis(
        _landmarks,
        _topology,
        _shape,
        _gallery is null ? new NamelessPolicy() : new KSamePolicy(_gallery, _key, streamId, options.Identity),
        _generator,
        options.Redact.Privacy,
        options.Align,
        options.Generate);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _landmarks.Dispose();
    }

    /// <summary>Index of each landmark. A generator that is given others than it knows would draw faces beside faces.</summary>
    private static IReadOnlyList<int> TopologyOf(CatalogModel landmarks, CatalogModel generator)
    {
        var found = ((LandmarkManifest)landmarks.Manifest!).Template.Points;
        var drawn = ((GenerationManifest)generator.Manifest!).Template.Points;
        return found.SequenceEqual(drawn)
            ? found
            : throw new FaultException(FaultOrigin.Model, $"{landmarks.Name} and {generator.Name} have different landmarks; allowed the same ones in the same order");
    }

    private static IdentityKey ReadKey(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var content = new byte[IdentityKey.MaxBytes + 1];
            return IdentityKey.Parse(path, content.AsSpan(0, file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(FaultOrigin.Configuration, $"{path}: the key cannot be read ({exception.Message})", exception);
        }
    }

    /// <summary>The shape of a face in space. It comes with our own gallery and goes with our landmarks, whatever draws.</summary>
    private static FaceShape ReadShape(ModelCatalog catalog)
    {
        var embedded = catalog.Models.Single(model => model.Origin is not null && model.Task == ModelTask.FaceGeneration);
        var gallery = embedded.Files.First(file => file.FileName == ((GenerationManifest)embedded.Manifest!).Template.Gallery);
        return GalleryReader.Read(gallery.Name, gallery.ReadVerified().Bytes).Shape;
    }
}
