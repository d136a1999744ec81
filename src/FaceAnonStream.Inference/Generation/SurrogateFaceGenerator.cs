using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Inference.Surrogate;
using FaceAnonStream.Models;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// Draws with surrogate graphs (<see cref="GenerationContract.Surrogate"/>), each chosen by the size of the face. What
/// <see cref="SurrogateSketch"/> leaves of the person is all that a graph is shown: of the picture itself, its crop at
/// <see cref="PrivacyLevel.Natural"/> and a few means of it at <see cref="PrivacyLevel.Strong"/>, where the face also fades
/// into what covers the head.
/// </summary>
internal sealed class SurrogateFaceGenerator : IFaceGenerator
{
    /// <summary>On a head that is coarse anyway, a softer face is no worse.</summary>
    private const float StrongEnlargement = 2;

    private readonly SizedGraphs _graphs;
    private readonly SurrogateRecipe _recipe;
    private readonly CropPlacement _placement;
    private readonly int _latentLength;
    private readonly Dictionary<SizedGraph, (SurrogateTensors Tensors, CropperShelf Croppers)> _parts = [];

    /// <param name="graphs">Taken over.</param>
    /// <param name="manifest">What they are.</param>
    /// <param name="recipe">How faces are prepared for them.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: they take or give something else.</exception>
    public SurrogateFaceGenerator(SizedGraphs graphs, GenerationManifest manifest, SurrogateRecipe recipe)
    {
        _graphs = graphs;
        _recipe = recipe;
        _placement = new CropPlacement(manifest);
        _latentLength = manifest.Template.Latent.Sum(part => part.Length);
        foreach (var graph in graphs.All)
        {
            _parts.Add(graph, (SurrogateTensors.Of(graph, _placement.PointCount, _latentLength), new CropperShelf(graph.Size)));
        }
    }

    public IReadOnlyList<ModelIdentity> Models => _graphs.Models;

    public IFacePainter Follow(PrivacyLevel privacy) => new Painter(this, privacy);

    public void Dispose() => _graphs.Dispose();

    /// <summary>Draws one track.</summary>
    private sealed class Painter(SurrogateFaceGenerator generator, PrivacyLevel privacy) : IFacePainter
    {
        private readonly SurrogateSketch _sketch = new(generator._recipe);

        public async Task<FaceDrawing> DrawAsync(
            VideoFrame frame, ReadOnlyMemory<Vector2> points, IdentityLatent latent, CancellationToken ct)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, generator._placement.PointCount, nameof(points));
            ArgumentOutOfRangeException.ThrowIfNotEqual(latent.Values.Length, generator._latentLength, nameof(latent));
            var pose = _sketch.Pose(points.Span);
            var square = generator._placement.SquareAround(pose);
            var graph = generator._graphs.For(square.Side, privacy == PrivacyLevel.Strong ? StrongEnlargement : SizedGraphs.UsualEnlargement);
            var (tensors, croppers) = generator._parts[graph];
            var input = generator._graphs.Crops.Rent(graph.Inputs.Length);
            try
            {
                var context = tensors.Context.Of(input.Values);
                croppers.CropRgb(frame, square, context);
                var level = _sketch.Observe(context, graph.Size);
                if (privacy == PrivacyLevel.Strong)
                {
                    _sketch.Coarsen(context, graph.Size);
                }

                _sketch.Detail(level, graph.Size, tensors.Detail.Of(input.Values));
                latent.Values.Span.CopyTo(tensors.Latent.Of(input.Values));
                var landmarks = tensors.Landmarks.Of(input.Values);
                for (var i = 0; i < pose.Length; i++)
                {
                    square.FromPicture(pose[i]).CopyTo(landmarks.Slice(2 * i, 2));
                }
            }
            catch
            {
                input.Dispose();
                throw;
            }

            var drawn = await graph.Batcher.DrawAsync(input, ct).ConfigureAwait(false);
            if (privacy == PrivacyLevel.Strong)
            {
                _sketch.Fade(tensors.Mask.Of(drawn.Values), graph.Size);
            }

            return FaceDrawing.Of(
                square,
                graph.Size,
                drawn.Values.Slice(tensors.Face.Offset, tensors.Face.Length),
                drawn.Values.Slice(tensors.Mask.Offset, tensors.Mask.Length),
                drawn);
        }
    }
}
