using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Faults;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;

namespace FaceAnonStream.Evaluation.Networks;

/// <summary>The points of one face.</summary>
/// <param name="Points">In luma pixels.</param>
/// <param name="IsUsable">Whether they can be trusted.</param>
public sealed record FaceLandmarks(Vector2[] Points, bool IsUsable);

/// <summary>A square around a face as a landmark net wants it.</summary>
/// <param name="Picture">The pixels.</param>
/// <param name="ToFrame">From positions in the crop to positions in the frame.</param>
/// <param name="Face">Whose face it is.</param>
internal sealed record LandmarkCrop(RgbCrop Picture, Similarity ToFrame, FaceDetection Face);

/// <summary>A network that finds the points of a face.</summary>
public abstract class LandmarkModel : IDisposable
{
    private protected static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly SessionLanes _lanes;

    private protected LandmarkModel(SessionLanes lanes) => _lanes = lanes;

    public ModelIdentity Model => _lanes.Model;

    /// <summary>Loads a net: MediaPipe's Face Mesh, known by its hash, or one with a manifest.</summary>
    /// <param name="catalog">Gives the embedded net when none is named.</param>
    /// <param name="path">The ONNX file, or the manifest; null for the embedded one.</param>
    /// <param name="time">Measures deadlines.</param>
    /// <exception cref="FaultException">It cannot be read or loaded, or nothing says what it takes.</exception>
    public static LandmarkModel Load(ModelCatalog catalog, string? path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        if (path is not null && new ModelFile(path).ReadHashed().Sha256 == FaceMesh.Sha256)
        {
            return new FaceMesh(new ModelFile(path), time);
        }

        var model = catalog.Resolve(ModelTask.FaceLandmarks, path);
        return new ManifestLandmarks(model.Graph, ((LandmarkManifest)model.Manifest!).Template, time);
    }

    /// <summary>Cuts a face out of a frame, wherever the face is in the other version of the frame.</summary>
    internal abstract LandmarkCrop Crop(VideoFrame frame, FaceDetection face);

    /// <summary>The points of each crop, several at a time.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: inference failed.</exception>
    internal Task<FaceLandmarks[]> FindAsync(IReadOnlyList<LandmarkCrop> crops, CancellationToken ct) =>
        _lanes.MapAsync(crops, FindAsync, ct);

    public void Dispose()
    {
        _lanes.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<FaceLandmarks> FindAsync(OnnxSession session, LandmarkCrop crop, CancellationToken ct);
}
