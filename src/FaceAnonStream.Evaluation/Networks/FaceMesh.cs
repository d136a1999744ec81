using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Evaluation.Pictures;
using FaceAnonStream.Frames;
using FaceAnonStream.Inference;
using FaceAnonStream.Inference.Catalog;
using FaceAnonStream.Models;

namespace FaceAnonStream.Evaluation.Networks;

/// <summary>MediaPipe's Face Mesh (Y. Kartynnik et al., arXiv:1907.06724): 468 points, of which our 144 are taken.</summary>
internal sealed class FaceMesh(ModelSource source, TimeProvider time) : LandmarkModel(new SessionLanes(source, time))
{
    /// <summary>Lower-case hex hash of the ONNX file.</summary>
    public const string Sha256 = "d543107cfab6a216501b37667ef1520950410dfe02d4c186e6b154fc91345ee1";

    private const int Side = 192;
    private const int MeshPoints = 468;

    /// <summary>Side of the crop in sides of the face box.</summary>
    private const float Grow = 1.5f;

    /// <summary>Farther than this from the detector's eyes, in eye distances, the mesh shows something else.</summary>
    private const float LargestEyeError = 0.4f;

    /// <summary>The eyes among our 144 points.</summary>
    private static readonly Range RightEye = 36..52;

    private static readonly Range LeftEye = 52..68;

    private static readonly IReadOnlyList<int> Points =
        EmbeddedModel.All.Select(model => model.Manifest).OfType<LandmarkManifest>().Single().Template.Points;

    internal override LandmarkCrop Crop(VideoFrame frame, FaceDetection face)
    {
        var eyes = face.Points[1] - face.Points[0];
        var (sin, cos) = MathF.SinCos(MathF.Atan2(eyes.Y, eyes.X));
        var scale = MathF.Max(face.Box.Width, face.Box.Height) * Grow / Side;
        var turn = new Similarity(scale * cos, scale * sin, Vector2.Zero);
        var center = new Vector2(face.Box.CenterX, face.Box.CenterY);
        var toFrame = turn with { Shift = center - turn.Apply(new Vector2(Side / 2)) };
        return new LandmarkCrop(RgbCrop.Of(frame, toFrame, Side), toFrame, face);
    }

    private protected override async Task<FaceLandmarks> FindAsync(OnnxSession session, LandmarkCrop crop, CancellationToken ct)
    {
        var (input, output) = (session.InputMetadata.Keys.Single(), session.OutputMetadata.Keys.Single());
        Pack(crop.Picture, session.Input(input).Reshape(1, Side, Side, 3));
        using var outputs = await session.RunAsync([output], Timeout, ct).ConfigureAwait(false);
        var mesh = outputs[0].GetTensorDataAsSpan<float>();
        var points = new Vector2[Points.Count];
        for (var i = 0; i < points.Length; i++)
        {
            var xyz = mesh.Slice(Points[i] * mesh.Length / MeshPoints, 2);
            points[i] = crop.ToFrame.Apply(new Vector2(xyz[0], xyz[1]));
        }

        return new FaceLandmarks(points, EyeError(points, crop.Face) < LargestEyeError);
    }

    /// <summary>Pixel after pixel, red first, 0 to 1.</summary>
    private static void Pack(RgbCrop crop, Span<float> hwc)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = crop.Plane(channel);
            for (var i = 0; i < plane.Length; i++)
            {
                hwc[(3 * i) + channel] = plane[i] / 255;
            }
        }
    }

    private static float EyeError(Vector2[] points, FaceDetection face)
    {
        var seen = face.Points;
        var distance = MathF.Max(
            Vector2.Distance(seen[0], seen[1]), 0.3f * MathF.Max(face.Box.Width, face.Box.Height));
        var right = Vector2.Distance(Mean(points[RightEye]), seen[0]);
        var left = Vector2.Distance(Mean(points[LeftEye]), seen[1]);
        return (right + left) / 2 / distance;
    }

    private static Vector2 Mean(Vector2[] points) => points.Aggregate(Vector2.Zero, (sum, point) => sum + point) / points.Length;
}
