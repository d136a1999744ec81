using System.Collections.Concurrent;
using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Media;
using FaceAnonStream.Models;

namespace FaceAnonStream.Tests.Kit;

/// <summary>Clips of people who do not exist, with what is true of every frame. Each is made once per test run.</summary>
internal static class SceneClips
{
    private static readonly ConcurrentDictionary<SceneOptions, Lazy<Task<string>>> Files = new();
    private static readonly ConcurrentDictionary<SceneOptions, Lazy<Task<RawClip>>> Pictures = new();
    private static readonly Lazy<SceneModel> Embedded = new(() =>
        SceneModel.Of(new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceGeneration, path: null)));

    private static readonly Lazy<SurrogateRecipe> EmbeddedRecipe = new(() =>
    {
        var model = new ModelCatalog(new ModelFolders([])).Resolve(ModelTask.FaceGeneration, path: null);
        var template = ((GenerationManifest)model.Manifest!).Template;
        return SurrogateRecipe.Read(template.Gallery!, model.Files.Single(file => file.FileName == template.Gallery).Read(), template.Sizes);
    });

    private static readonly string Folder = Directory.CreateTempSubdirectory("faceanon-scenes-").FullName;

    static SceneClips() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);

    /// <summary>The embedded generator.</summary>
    public static SceneModel Model => Embedded.Value;

    public static SurrogateGallery Gallery => Model.Gallery;

    /// <summary>Index of each of the embedded models' landmarks in the 468-point topology.</summary>
    public static IReadOnlyList<int> Topology { get; } =
        ((LandmarkManifest)EmbeddedModel.All.Single(model => model.Manifest.Task == ModelTask.FaceLandmarks).Manifest).Template.Points;

    /// <summary>How faces are prepared for the embedded generator.</summary>
    public static SurrogateRecipe Recipe => EmbeddedRecipe.Value;

    /// <summary>What happens in a scene.</summary>
    public static SceneScript Script(SceneOptions options) => new(options, Gallery);

    /// <summary>Every moment of a scene.</summary>
    public static IReadOnlyList<SceneMoment> Moments(SceneOptions options)
    {
        var script = Script(options);
        return [.. Enumerable.Range(0, (int)options.FrameCount).Select(frame => script.At(frame))];
    }

    /// <summary>The frames of a scene as they are painted, before any encoder.</summary>
    public static Task<RawClip> PaintAsync(SceneOptions options) =>
        Pictures.GetOrAdd(options, _ => new Lazy<Task<RawClip>>(() => PaintAgainAsync(options))).Value;

    /// <summary>The path of a scene's MP4 file.</summary>
    public static Task<string> EncodeAsync(SceneOptions options) =>
        Files.GetOrAdd(options, _ => new Lazy<Task<string>>(() => EncodeNowAsync(options))).Value;

    /// <summary>The same, painted anew.</summary>
    public static async Task<RawClip> PaintAgainAsync(SceneOptions options)
    {
        using var pool = new FramePool(SceneSource.FormatOf(options), 1);
        await using var source = SceneSource.Open(Script(options), Model, pool, TimeProvider.System);
        var frames = new List<byte[]>();
        while (await source.ReadAsync(CancellationToken.None) is { } read)
        {
            using var frame = read;
            frames.Add(frame.Memory.ToArray());
        }

        return new RawClip(source.Format, frames);
    }

    private static async Task<string> EncodeNowAsync(SceneOptions options)
    {
        var path = Path.Combine(Folder, $"{Guid.NewGuid():n}.mp4");
        using var pool = new FramePool(SceneSource.FormatOf(options), 1);
        var script = Script(options);
        await using var source = SceneSource.Open(script, Model, pool, TimeProvider.System);
        await new SceneEncoder(new MediaOptions(), TimeProvider.System).EncodeAsync(script, source, path, _ => { }, CancellationToken.None);
        return path;
    }
}
