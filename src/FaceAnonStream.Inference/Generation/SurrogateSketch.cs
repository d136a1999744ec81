using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Frames;
using FaceAnonStream.Identity;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// Prepares what a surrogate graph is shown of one face: the crop of the picture, which gives light and sharpness, the
/// landmarks, which give pose and expression, and the latent, which gives the identity.
/// </summary>
internal sealed class SurrogateSketch
{
    private readonly CropperShelf _croppers;
    private readonly FaceTensor _context;
    private readonly FaceTensor _landmarks;
    private readonly FaceTensor _latent;

    /// <param name="inputs">What the graph takes.</param>
    /// <param name="size">Width and height of its crop.</param>
    /// <param name="points">Landmarks of a face.</param>
    /// <param name="latentLength">Numbers of a latent.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: the graph takes something else.</exception>
    public SurrogateSketch(FaceTensors inputs, int size, int points, int latentLength)
    {
        _croppers = new CropperShelf(size);
        _context = inputs.Require("context", 3, size, size);
        _landmarks = inputs.Require("landmarks", points, 2);
        _latent = inputs.Require("latent", latentLength);
        inputs.RequireNothingElse(_context, _landmarks, _latent);
    }

    /// <param name="face">The memory that the graph is given.</param>
    /// <param name="frame">Borrowed.</param>
    /// <param name="square">The crop.</param>
    /// <param name="points">The face's landmarks in luma pixels.</param>
    /// <param name="latent">Who it becomes.</param>
    public void Draw(Memory<float> face, VideoFrame frame, FaceSquare square, ReadOnlySpan<Vector2> points, IdentityLatent latent)
    {
        _croppers.CropRgb(frame, square, _context.Of(face));
        var landmarks = _landmarks.Of(face);
        for (var i = 0; i < points.Length; i++)
        {
            square.FromPicture(points[i]).CopyTo(landmarks.Slice(2 * i, 2));
        }

        latent.Values.Span.CopyTo(_latent.Of(face));
    }
}
