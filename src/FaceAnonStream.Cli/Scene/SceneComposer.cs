using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Jobs;
using FaceAnonStream.Media;

namespace FaceAnonStream.Cli.Scene;

/// <summary>Which scene is wanted, and where.</summary>
/// <param name="Scene">What it is like.</param>
/// <param name="Video">The MP4 file to make; an older one is replaced.</param>
/// <param name="Truth">The JSON file to make of what is true of it; an older one is replaced.</param>
/// <param name="GeneratorPath">A generator of faces; null takes the embedded one.</param>
/// <param name="Media">How ffmpeg is called.</param>
internal sealed record SceneRequest(SceneOptions Scene, string Video, string Truth, string? GeneratorPath, MediaOptions Media);

/// <summary>What a finished scene holds.</summary>
/// <param name="People">Different people.</param>
/// <param name="Frames">Frames of the scene.</param>
/// <param name="Faces">Faces of which something is seen, counted in every frame.</param>
internal sealed record SceneFacts(int People, long Frames, long Faces);

/// <summary>Makes a scene's files.</summary>
internal sealed class SceneComposer(TimeProvider time)
{
    // Painted frames wait in the source, not in the pool.
    private const int PoolFrames = 2;

    /// <param name="request">What to make.</param>
    /// <param name="model">Draws the faces.</param>
    /// <param name="progress">Told after every frame.</param>
    /// <param name="ct">Stops, and removes what is not complete.</param>
    /// <exception cref="FaultException">The scene cannot be painted or written.</exception>
    public async Task<SceneFacts> ComposeAsync(
        SceneRequest request, SceneModel model, IProgress<JobProgress> progress, CancellationToken ct)
    {
        var options = request.Scene;
        var script = new SceneScript(options, model.Gallery);
        var faces = 0L;
        using var pool = new FramePool(SceneSource.FormatOf(options), PoolFrames);
        await using var source = SceneSource.Open(script, model, pool, time);
        await new SceneEncoder(request.Media, time).EncodeAsync(
            script,
            source,
            request.Video,
            frames =>
            {
                faces += script.At(frames - 1).Faces.Count;
                progress.Report(new JobProgress(frames, frames, options.FrameCount, faces, options.People, 0));
            },
            ct);
        SceneTruth.Write(request.Truth, script);
        return new SceneFacts(options.People, options.FrameCount, faces);
    }
}
