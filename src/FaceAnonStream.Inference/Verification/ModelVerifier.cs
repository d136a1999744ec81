using FaceAnonStream.Faults;
using FaceAnonStream.Generation;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Inference.Generation;
using FaceAnonStream.Inference.YuNet;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Verification;

/// <summary>
/// Finds out whether a model is what it says: its files have their hashes, ONNX Runtime loads them on the CPU, they take
/// and give what the manifest says, and runs on fixed noise give finite values, for two pictures at once the same as for
/// each alone. A generator must also have all that its contract asks for.
/// </summary>
public static class ModelVerifier
{
    // Large enough for every stride of a detector, and not square.
    private static readonly PictureSize DetectorSize = new(Width: 96, Height: 64);

    private static readonly OnnxSessionOptions Options = new() { Provider = ProviderPreference.Cpu };

    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/> or <see cref="FaultOrigin.Configuration"/>:
    /// what is wrong, in one line; origin <see cref="FaultOrigin.Node"/>: ONNX Runtime does not work here.</exception>
    public static async Task VerifyAsync(CatalogModel model, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (var file in model.Files)
        {
            CheckHash(file, model.ExpectedSha256(file));
        }

        foreach (var graph in model.Graphs)
        {
            await VerifyAsync(model, graph, time, ct).ConfigureAwait(false);
        }

        if (model.Task == ModelTask.FaceGeneration)
        {
            CheckContract(model, time);
        }
    }

    /// <summary>Loads a generator as a job does: what its contract wants of graphs and gallery is there.</summary>
    private static void CheckContract(CatalogModel model, TimeProvider time)
    {
        FaceGenerators.ReadGallery(model);
        FaceGenerators.Load(model, new GenerateOptions { MaxBatch = 1, Threads = 1 }, ProviderPreference.Cpu, time).Dispose();
    }

    private static void CheckHash(ModelSource file, string? expected)
    {
        var sha256 = file.ReadHashed().Sha256;
        if (expected is not null && sha256 != expected)
        {
            throw new FaultException(FaultOrigin.Model, $"{file.Name}: its SHA-256 is {sha256}; expected {expected}");
        }
    }

    private static async Task VerifyAsync(CatalogModel model, ModelSource graph, TimeProvider time, CancellationToken ct)
    {
        using var session = OnnxSession.Load(graph, Options, time);
        var signature = model.Manifest is { } manifest ? GraphSignature.Of(manifest, graph.FileName) : null;
        signature?.Check(session);
        foreach (var trial in Trials(model, session, signature))
        {
            await trial.CheckAsync(ct).ConfigureAwait(false);
        }
    }

    private static IEnumerable<TrialRun> Trials(CatalogModel model, OnnxSession session, GraphSignature? signature) => model.Manifest switch
    {
        LandmarkManifest landmarks => [SquareTrial(session, signature!, landmarks.Template.Size)],
        // A graph for one size only runs the same way every time.
        GenerationManifest generator => generator.Template.Sizes.Select(side => SquareTrial(session, signature!, side)),
        _ => [DetectorTrial(session)],
    };

    private static TrialRun SquareTrial(OnnxSession session, GraphSignature signature, int side) =>
        new(session, signature, new PictureSize(side, side));

    /// <summary>All detectors have YuNet's layout, whether they have a manifest or not.</summary>
    private static TrialRun DetectorTrial(OnnxSession session)
    {
        var size = YuNetContract.Check(session) is var (width, height) ? new PictureSize(width, height) : DetectorSize;
        var batch = session.InputMetadata[YuNetContract.Input].Dimensions[0] == -1 ? new Side(GraphSignature.Batch) : new Side(1);
        return new TrialRun(session, GraphSignature.OfYuNet(batch, size), size);
    }
}
