using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;

namespace FaceAnonStream.Evaluation.Networks;

/// <summary>
/// A landmark net as its manifest describes it: a square of luma around the box, points as fractions of it, and how far
/// they can be trusted.
/// </summary>
internal sealed class ManifestLandmarks(ModelSource source, LandmarkTemplate template, TimeProvider time)
    : LandmarkModel(new SessionLanes(source, time))
{
    private const float LeastUsability = 0.5f;

    private static readonly string[] Outputs = ["points", "usability"];

    internal override LandmarkCrop Crop(VideoFrame frame, FaceDetection face)
    {
        var side = (float)template.Factor * MathF.Max(face.Box.Width, face.Box.Height);
        var corner = new Vector2(face.Box.CenterX - (side / 2), face.Box.CenterY - (side / 2));
        var scale = side / template.Size;

        // The box counts from the outer edge of the first pixel, positions count from its centre.
        var toFrame = new Similarity(scale, 0, corner + new Vector2((scale / 2) - 0.5f));
        return new LandmarkCrop(RgbCrop.Of(frame, toFrame, template.Size), toFrame, face);
    }

    private protected override async Task<FaceLandmarks> FindAsync(OnnxSession session, LandmarkCrop crop, CancellationToken ct)
    {
        crop.Picture.CopyLuma(session.Input("image").Reshape(1, 1, template.Size, template.Size));
        using var outputs = await session.RunAsync(Outputs, Timeout, ct).ConfigureAwait(false);
        var fractions = outputs[0].GetTensorDataAsSpan<float>();
        var points = new Vector2[template.Points.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var inCrop = (new Vector2(fractions[2 * i], fractions[(2 * i) + 1]) * template.Size) - new Vector2(0.5f);
            points[i] = crop.ToFrame.Apply(inCrop);
        }

        return new FaceLandmarks(points, outputs[1].GetTensorDataAsSpan<float>()[0] >= LeastUsability);
    }
}
