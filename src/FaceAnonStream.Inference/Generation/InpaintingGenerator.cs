using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Models;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// Draws with a graph that fills holes in pictures: <see cref="GenerationContract.Inpainting"/>. The hole is wherever the
/// drawing will be seen at all, so that the graph sees no pixel of the face that it replaces. The latent is not used.
/// </summary>
internal sealed class InpaintingGenerator : IFaceGenerator, IFacePainter
{
    private readonly SizedGraphs _graphs;
    private readonly CropPlacement _placement;
    private readonly Dictionary<SizedGraph, Parts> _parts = [];

    /// <param name="graphs">Taken over.</param>
    /// <param name="manifest">What they are.</param>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: they take or give something else.</exception>
    public InpaintingGenerator(SizedGraphs graphs, GenerationManifest manifest)
    {
        _graphs = graphs;
        _placement = new CropPlacement(manifest);
        foreach (var graph in graphs.All)
        {
            var picture = graph.Inputs.Require("picture", 3, graph.Size, graph.Size);
            var mask = graph.Inputs.Require("mask", 1, graph.Size, graph.Size);
            var output = graph.Outputs.Require("output", 3, graph.Size, graph.Size);
            graph.Inputs.RequireNothingElse(picture, mask);
            graph.Outputs.RequireNothingElse(output);
            _parts.Add(graph, new Parts(picture, mask, output, new CropperShelf(graph.Size)));
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
            var picture = parts.Picture.Of(input.Values);
            var mask = parts.Mask.Of(input.Values);
            parts.Croppers.CropRgb(frame, square, picture);
            HullMask.Draw(PictureDrawing.InCrop(square, points.Span), graph.Size, mask);
            Cut(picture, mask);
            PictureCode.Of(parts.Picture.Tensor).Encode(picture);
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

    /// <summary>Makes the mask 1 wherever it is not 0, and the picture black there.</summary>
    private static void Cut(Span<float> picture, Span<float> mask)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = mask[i] > 0 ? 1 : 0;
            for (var plane = 0; plane < 3; plane++)
            {
                picture[(plane * mask.Length) + i] *= 1 - mask[i];
            }
        }
    }

    private sealed record Parts(FaceTensor Picture, FaceTensor Mask, FaceTensor Output, CropperShelf Croppers);
}
