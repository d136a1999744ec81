using System.Runtime.ExceptionServices;
using FaceAnonStream.Detection;
using FaceAnonStream.Faults;
using FaceAnonStream.Generation;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Verification;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Generation;

/// <summary>A generator's graph for faces of one size, with the batcher before it.</summary>
/// <param name="Size">Width and height of its pictures in pixels.</param>
/// <param name="Inputs">What it takes for a face.</param>
/// <param name="Outputs">What it gives.</param>
/// <param name="Batcher">Runs it.</param>
/// <param name="Model">What was loaded.</param>
internal sealed record SizedGraph(int Size, FaceTensors Inputs, FaceTensors Outputs, FaceBatcher Batcher, ModelIdentity Model) : IDisposable
{
    public void Dispose() => Batcher.Dispose();
}

/// <summary>A generator's graphs, one for each size that it draws.</summary>
internal sealed class SizedGraphs : IDisposable
{
    private const int MaxThreads = 8;

    /// <summary>One lane draws a few hundred faces in a second, and large batches cost less than many lanes.</summary>
    private const int CoresPerThread = 4;

    /// <summary>A drawing may be enlarged by this much before the next larger graph is worth its time.</summary>
    public const float UsualEnlargement = 1.5f;

    private readonly List<SizedGraph> _graphs = [];

    private SizedGraphs(CropPool crops) => Crops = crops;

    /// <summary>Memory for what goes in and comes out.</summary>
    public CropPool Crops { get; }

    public IReadOnlyList<ModelIdentity> Models => [.. _graphs.Select(graph => graph.Model).Distinct()];

    public IReadOnlyList<SizedGraph> All => _graphs;

    /// <summary>Loads a generator's graphs.</summary>
    /// <param name="model">A model with a generator's manifest.</param>
    /// <param name="options">Batches, threads and deadlines.</param>
    /// <param name="provider">Where they run: side by side on a CPU, in one batch on a GPU.</param>
    /// <param name="time">Measures them.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Configuration"/>: a file cannot be read;
    /// <see cref="FaultOrigin.Model"/>: it is not what the manifest describes; <see cref="FaultOrigin.Node"/>: ONNX Runtime
    /// does not work here.</exception>
    public static SizedGraphs Load(CatalogModel model, GenerateOptions options, ProviderPreference provider, TimeProvider time)
    {
        var manifest = (GenerationManifest)model.Manifest!;
        var sizes = manifest.Template.Sizes;
        var graphs = new SizedGraphs(new CropPool(kept: 4 * options.MaxBatch));
        var loaded = new SizedGraph?[sizes.Count];
        var failures = new Exception?[sizes.Count];

        // Side by side: a run waits for them.
        Parallel.For(0, sizes.Count, i =>
        {
            try
            {
                var source = model.Graphs.FirstOrDefault(source => Draws(manifest, source.FileName, sizes[i]))
                    ?? throw new FaultException(FaultOrigin.Model, $"{model.Name}: no graph draws {sizes[i]} pixels");
                loaded[i] = graphs.Load(source, manifest, sizes[i], options, provider, time);
            }
            catch (Exception exception)
            {
                failures[i] = exception;
            }
        });
        graphs._graphs.AddRange(loaded.OfType<SizedGraph>());
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
        {
            graphs.Dispose();
            ExceptionDispatchInfo.Throw(first);
        }

        return graphs;
    }

    /// <summary>The smallest graph that draws a square of the picture sharply enough, or the largest.</summary>
    /// <param name="sidePx">The square's side in luma pixels.</param>
    /// <param name="maxEnlargement">How much a drawing may be enlarged.</param>
    public SizedGraph For(float sidePx, float maxEnlargement = UsualEnlargement) =>
        _graphs.Find(graph => graph.Size * maxEnlargement >= sidePx) ?? _graphs[^1];

    public void Dispose() => _graphs.ForEach(graph => graph.Dispose());

    private static bool Draws(GenerationManifest manifest, string file, int size) => manifest.Inputs.Any(
        tensor => tensor.File == file && tensor.Colour is not null && (tensor.Shape[^1].Size ?? size) == size);

    private SizedGraph Load(
        ModelSource source, GenerationManifest manifest, int size, GenerateOptions options, ProviderPreference provider, TimeProvider time)
    {
        var inputs = FaceTensors.Of(manifest.Inputs, source.FileName, size);
        var outputs = FaceTensors.Of(manifest.Outputs, source.FileName, size);
        var signature = GraphSignature.Of(manifest, source.FileName);
        var threads = options.Threads > 0 ? options.Threads : Math.Clamp(Environment.ProcessorCount / CoresPerThread, 1, MaxThreads);
        var count = Math.Min(threads, options.MaxBatch);
        var sessions = new List<OnnxSession>();
        try
        {
            sessions.Add(LoadSession(provider));
            while (sessions.Count < count && sessions[0].Model.Provider == "CPU")
            {
                sessions.Add(LoadSession(ProviderPreference.Cpu));
            }
        }
        catch
        {
            sessions.ForEach(session => session.Dispose());
            throw;
        }

        var timeout = TimeSpan.FromMilliseconds(options.TimeoutMs);
        var batcher = new FaceBatcher(
            sessions.ConvertAll(session => new GraphLane(session, inputs, outputs, timeout)),
            new BatchLimits(options.MaxBatch, TimeSpan.FromMilliseconds(options.MaxWaitMs)),
            Crops,
            outputs.Length,
            time);
        return new SizedGraph(size, inputs, outputs, batcher, sessions[0].Model);

        OnnxSession LoadSession(ProviderPreference where)
        {
            var session = OnnxSession.Load(source, new OnnxSessionOptions { Threads = threads / count, Provider = where }, time);
            try
            {
                signature.Check(session);
                return session;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
    }
}
