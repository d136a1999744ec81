using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Generation;

/// <summary>
/// Draws synthetic faces with a model. May be used from many streams at once: it batches what comes together.
/// </summary>
public interface IFaceGenerator : IDisposable
{
    IReadOnlyList<ModelIdentity> Models { get; }

    /// <summary>Begins to draw one track's faces.</summary>
    /// <param name="privacy">What the model may be told of the person; a model that must be told all is told all.</param>
    IFacePainter Follow(PrivacyLevel privacy);
}

/// <summary>
/// Draws the faces of one track. It may remember what it has seen of the person's expression and light, in bounded memory,
/// and holds nothing that must be given back. Not thread-safe: calls begin in the order of frames, though the next may begin
/// before the last has ended.
/// </summary>
public interface IFacePainter
{
    /// <summary>Draws one face; the caller disposes the drawing.</summary>
    /// <param name="frame">The original picture: read before the method returns its task, not afterwards.</param>
    /// <param name="points">The face's landmarks in luma pixels.</param>
    /// <param name="latent">Who it becomes.</param>
    /// <param name="ct">Gives up at once; others in the same batch are drawn nevertheless.</param>
    /// <returns>A drawing without a fallback.</returns>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: inference failed, overstayed,
    /// or gave values that are not finite.</exception>
    Task<FaceDrawing> DrawAsync(VideoFrame frame, ReadOnlyMemory<Vector2> points, IdentityLatent latent, CancellationToken ct);
}
