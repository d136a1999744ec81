using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// Draws with a surrogate graph: <c>context</c> [N, 3, S, S], <c>landmarks</c> [N, L, 2] and <c>latent</c> [N, D] give
/// <c>face</c> [N, 3, S, S] and <c>mask</c> [N, 1, S, S]. The graph is chosen by the size of the face.
/// </summary>
internal sealed class SurrogateFaceGenerator : IFaceGenerator, IFacePainter
{
    private readonly SizedGraphs _graphs;
    private readonly CropPlacement _placement;
    private readonly int _latentLength;
    private readonly Dictionary<SizedGraph, Parts> _parts = [];

    /// <param name="graphs">Taken over.</param>
    /// <param name="manifest">What they are.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: they take or give something else.</exception>
    public SurrogateFaceGenerator(SizedGraphs graphs, GenerationManifest manifest)
    {
        _graphs = graphs;
        _placement = new CropPlacement(manifest);
        _latentLength = manifest.Template.Latent.Sum(part => part.Length);
        foreach (var graph in graphs.All)
        {
            var sketch = new SurrogateSketch(graph.Inputs, graph.Size, _placement.PointCount, _latentLength);
            var face = graph.Outputs.Require("face", 3, graph.Size, graph.Size);
            var mask = graph.Outputs.Require("mask", 1, graph.Size, graph.Size);
            graph.Outputs.RequireNothingElse(face, mask);
            _parts.Add(graph, new Parts(sketch, face, mask));
        }
    }

    public IReadOnlyList<ModelIdentity> Models => _graphs.Models;

    /// <summary>It remembers nothing of a track.</summary>
    public IFacePainter Follow() => this;

    public async Task<FaceDrawing> DrawAsync(
        VideoFrame frame, ReadOnlyMemory<Vector2> points, IdentityLatent latent, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(latent.Values.Length, _latentLength, nameof(latent));
        var square = _placement.SquareAround(points.Span);
        var graph = _graphs.For(square.Side);
        var (sketch, face, mask) = _parts[graph];
        var input = _graphs.Crops.Rent(graph.Inputs.Length);
        try
        {
            sketch.Draw(input.Values, frame, square, points.Span, latent);
        }
        catch
        {
            input.Dispose();
            throw;
        }

        var drawn = await graph.Batcher.DrawAsync(input, ct).ConfigureAwait(false);
        return FaceDrawing.Of(
            square,
            graph.Size,
            drawn.Values.Slice(face.Offset, face.Length),
            drawn.Values.Slice(mask.Offset, mask.Length),
            drawn);
    }

    public void Dispose() => _graphs.Dispose();

    private sealed record Parts(SurrogateSketch Sketch, FaceTensor Face, FaceTensor Mask);
}
