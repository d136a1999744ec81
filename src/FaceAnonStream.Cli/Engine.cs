using FaceAnonStream.Cli.Configuration;
using FaceAnonStream.Jobs;

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

    /// <summary>Says what a recording holds.</summary>
    /// <exception cref="Faults.FaultException">It cannot be read, or is no recording.</exception>
    Task<MediaDescription> ProbeAsync(string path, CancellationToken ct);

    /// <summary>Every model file that was found, best first.</summary>
    IReadOnlyList<InstalledModel> ListModels();
}

/// <summary>What <c>faceanon run</c> is asked to do.</summary>
/// <param name="Input">Path of a recording.</param>
/// <param name="Output">Path of the file to make.</param>
/// <param name="Overwrite">Whether an older output is replaced.</param>
/// <param name="DetectorPath">An ONNX face detector; null chooses the best one that is installed.</param>
/// <param name="Options">Valid settings.</param>
internal sealed record RunRequest(string Input, string Output, bool Overwrite, string? DetectorPath, FaceAnonOptions Options);

/// <summary>A model file on this machine.</summary>
/// <param name="Name">File name or name of the embedded model.</param>
/// <param name="Task">What it does, e.g. <c>face detection</c>.</param>
/// <param name="Sha256">Lower-case hex hash of the file.</param>
/// <param name="IsKnown">Whether the hash is the published one.</param>
/// <param name="Licence">SPDX identifier, or <c>unknown</c>.</param>
/// <param name="Path">Where it lies; null when embedded.</param>
internal sealed record InstalledModel(string Name, string Task, string Sha256, bool IsKnown, string Licence, string? Path);
