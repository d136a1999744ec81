using FaceAnonStream.Cli.Scene;
using FaceAnonStream.Evaluation.Reporting;
using FaceAnonStream.Hosting;
using FaceAnonStream.Hosting.Configuration;
using FaceAnonStream.Hosting.Streams;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Jobs;
using FaceAnonStream.Live;
using FaceAnonStream.Models;

namespace FaceAnonStream.Cli;

/// <summary>All that the commands need from the rest of the program.</summary>
internal interface IEngine
{
    /// <summary>
    /// Anonymises one recording. The output appears under its name only when it is complete, and replaces an older file
    /// in one step.
    /// </summary>
    /// <param name="request">Checked already; the engine checks again what may have changed since.</param>
    /// <param name="progress">Told about the job as often as the engine likes, from any thread; it never blocks.</param>
    /// <param name="ct">Stops the job and removes what it began to write.</param>
    /// <exception cref="Faults.FaultException">The job failed; no output was left behind.</exception>
    Task<JobReport> RunAsync(RunRequest request, IProgress<JobProgress> progress, CancellationToken ct);

    /// <summary>Anonymises a live stream until it is told to end.</summary>
    /// <param name="request">Checked already.</param>
    /// <param name="events">Told of what happens to source and sink; may be null.</param>
    /// <param name="progress">As for <see cref="RunAsync"/>.</param>
    /// <param name="ending">Ends the stream: what was read is still anonymised and written.</param>
    /// <exception cref="Faults.FaultException">The first connection failed, or the stream cannot go on.</exception>
    Task<LiveReport> StreamAsync(
        LiveRequest request, IStreamEvents? events, IProgress<JobProgress> progress, CancellationToken ending);

    /// <summary>Loads the models that a service's streams share.</summary>
    /// <exception cref="Faults.FaultException">A model cannot be loaded.</exception>
    Task<ILiveStreamFactory> LoadStreamsAsync(ServiceConfiguration service);

    /// <summary>Makes a scene of people who do not exist. Its files appear when they are complete, and replace older ones.</summary>
    /// <param name="request">Checked already.</param>
    /// <param name="progress">As for <see cref="RunAsync"/>.</param>
    /// <param name="ct">Stops, and removes what it began to write.</param>
    /// <exception cref="Faults.FaultException">It cannot be made.</exception>
    Task<SceneFacts> ComposeAsync(SceneRequest request, IProgress<JobProgress> progress, CancellationToken ct);

    /// <summary>Measures how well recordings were anonymised.</summary>
    /// <param name="request">Checked already.</param>
    /// <param name="progress">As for <see cref="RunAsync"/>; every frame counts twice.</param>
    /// <param name="ct">Stops.</param>
    /// <exception cref="Faults.FaultException">A recording or a model cannot be read, or two recordings do not fit each other.</exception>
    Task<EvaluationReport> EvaluateAsync(EvaluationRequest request, IProgress<JobProgress> progress, CancellationToken ct);

    /// <summary>Says what a recording holds.</summary>
    /// <exception cref="Faults.FaultException">It cannot be read, or is no recording.</exception>
    Task<MediaDescription> ProbeAsync(string path, CancellationToken ct);

    /// <summary>Every model that is installed or embedded; of those for one task, the best first.</summary>
    IReadOnlyList<ModelListing> ListModels();

    /// <summary>What is known of a model that is installed or embedded; null when there is none of that name.</summary>
    ModelFacts? DescribeModel(string name);

    /// <summary>Tries models out, one after the other.</summary>
    /// <param name="paths">Which files; none of them means every model that is installed or embedded.</param>
    /// <param name="ct">Stops.</param>
    IAsyncEnumerable<ModelVerdict> VerifyModelsAsync(ModelPaths paths, CancellationToken ct);
}

/// <summary>What <c>faceanon run</c> is asked to do.</summary>
/// <param name="Input">Path of a recording.</param>
/// <param name="Output">Path of the file to make.</param>
/// <param name="Overwrite">Whether an older output is replaced.</param>
/// <param name="Models">Which models to use.</param>
/// <param name="FacesPath">Where to write what happened to each face of each frame, or null.</param>
/// <param name="KeyPath">File with the secret that synthetic identities are drawn with; null draws a fresh one.</param>
/// <param name="Options">Valid settings.</param>
internal sealed record RunRequest(
    string Input, string Output, bool Overwrite, ModelPaths Models, string? FacesPath, string? KeyPath, FaceAnonOptions Options);

/// <summary>What <c>faceanon evaluate</c> is asked to do.</summary>
/// <param name="Clips">The recordings, at least one.</param>
/// <param name="Recognizers">ONNX face recognisers; may be none.</param>
/// <param name="LandmarksPath">A landmark net; null for the embedded one.</param>
/// <param name="DetectorPath">As for <see cref="RunRequest"/>.</param>
internal sealed record EvaluationRequest(
    IReadOnlyList<ClipPaths> Clips, IReadOnlyList<string> Recognizers, string? LandmarksPath, string? DetectorPath);

/// <summary>A recording and its anonymised version.</summary>
/// <param name="Name">The file name that both have, or the original's.</param>
/// <param name="Original">Path.</param>
/// <param name="Anonymised">Path.</param>
/// <param name="Faces">Path of the list of faces that was made with it; null when there is none.</param>
internal sealed record ClipPaths(string Name, string Original, string Anonymised, string? Faces = null);

/// <summary>What is known of a model.</summary>
/// <param name="Listing">Its line in the list of models.</param>
/// <param name="Manifest">Null for a published detector, which has none.</param>
/// <param name="Publisher">Project that publishes it; null for our own models.</param>
/// <param name="Card">The model card, in Markdown; null for models of others.</param>
internal sealed record ModelFacts(ModelListing Listing, ModelManifest? Manifest, string? Publisher, string? Card);

/// <summary>How a model did.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it lies; null when embedded.</param>
/// <param name="Problem">What is wrong with it, in one line; null when nothing is.</param>
internal sealed record ModelVerdict(string Name, string? Path, string? Problem);
