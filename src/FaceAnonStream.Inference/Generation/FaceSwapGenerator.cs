using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Models;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// Draws with a face-swap graph: <see cref="GenerationContract.FaceSwap"/>. The mask is our own: the graph gives a whole crop.
/// </summary>
internal sealed class FaceSwapGenerator : IFaceGenerator, IFacePainter
{
    private readonly SizedGraphs _graphs;
    private readonly CropPlacement _placement;
    private readonly SourceProjection _projection;
    private readonly Dictionary<SizedGraph, Parts> _parts = [];

    /// <param name="graphs">Taken over.</param>
    /// <param name="manifest">What they are.</param>
    /// <param name="projection">Makes a source from a latent.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: they take or give something else.</exception>
    public FaceSwapGenerator(SizedGraphs graphs, GenerationManifest manifest, SourceProjection projection)
    {
        _graphs = graphs;
        _placement = new CropPlacement(manifest);
        _projection = projection;
        foreach (var graph in graphs.All)
        {
            var target = graph.Inputs.Require("target", 3, graph.Size, graph.Size);
            var source = graph.Inputs.Require("source", projection.SourceLength);
            var output = graph.Outputs.Require("output", 3, graph.Size, graph.Size);
            graph.Inputs.RequireNothingElse(target, source);
            graph.Outputs.RequireNothingElse(output);
            _parts.Add(graph, new Parts(target, source, output, new CropperShelf(graph.Size)));
        }
    }

    public IReadOnlyList<ModelIdentity> Models => _graphs.Models;

    /// <summary>It remembers nothing of a track.</summary>
    public IFacePainter Follow(PrivacyLevel privacy) => this;

    public async Task<FaceDrawing> DrawAsync(
        VideoFrame frame, ReadOnlyMemory<Vector2> points, IdentityLatent latent, CancellationToken ct)
    {
        var square = _placement.SquareAround(points.Span);
        var graph = _graphs.For(square.Side);
        var parts = _parts[graph];
        var input = _graphs.Crops.Rent(graph.Inputs.Length);
        try
        {
            var target = parts.Target.Of(input.Values);
            parts.Croppers.CropRgb(frame, square, target);
            PictureCode.Of(parts.Target.Tensor).Encode(target);
            _projection.Apply(latent.Values.Span, parts.Source.Of(input.Values));
        }
        catch
        {
            input.Dispose();
            throw;
        }

        using var output = await graph.Batcher.DrawAsync(input, ct).ConfigureAwait(false);
        return PictureDrawing.Of(parts.Output, output, square, points.Span, graph.Size, _graphs.Crops);
    }

    public void Dispose() => _graphs.Dispose();

    private sealed record Parts(FaceTensor Target, FaceTensor Source, FaceTensor Output, CropperShelf Croppers);
}
