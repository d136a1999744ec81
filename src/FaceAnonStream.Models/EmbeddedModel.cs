using System.Reflection;

namespace FaceAnonStream.Models;

/// <summary>
/// A model inside this assembly. Nothing is read before it is asked for, and nothing but the manifest is kept.
/// </summary>
public sealed class EmbeddedModel
{
    private static readonly Assembly Resources = typeof(EmbeddedModel).Assembly;

    private readonly string _folder;
    private readonly Lazy<ModelManifest> _manifest;

    private EmbeddedModel(string folder)
    {
        _folder = folder;
        _manifest = new Lazy<ModelManifest>(ReadManifest);
    }

    /// <summary>The embedded models, one for each task.</summary>
    public static IReadOnlyList<EmbeddedModel> All { get; } = [new("detector"), new("landmarks"), new("surrogate")];

    /// <exception cref="InvalidOperationException">The program was built with a manifest that is not valid.</exception>
    public ModelManifest Manifest => _manifest.Value;

    /// <summary>The model card, in Markdown.</summary>
    public string ReadCard()
    {
        using var reader = new StreamReader(Open(Manifest.Card));
        return reader.ReadToEnd();
    }

    /// <summary>A file of the model; the caller disposes the stream.</summary>
    /// <param name="file">Name, as the manifest has it.</param>
    /// <exception cref="InvalidOperationException">The program was built without it.</exception>
    public Stream Open(string file) =>
        Resources.GetManifestResourceStream($"{_folder}/{file}")
        ?? throw new InvalidOperationException($"{_folder}/{file} is not embedded");

    private ModelManifest ReadManifest()
    {
        using var stream = Open($"{_folder}.json");
        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        var result = ManifestReader.Read(json);
        return result.Manifest
            ?? throw new InvalidOperationException($"{_folder}/{_folder}.json: {string.Join("; ", result.Problems)}");
    }
}
