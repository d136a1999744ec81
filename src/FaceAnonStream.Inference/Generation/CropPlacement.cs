using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Generation;

/// <summary>Where a generator wants a face in its crop: in the middle of a square, or with five points in their places.</summary>
internal sealed class CropPlacement
{
    private readonly FaceTopology _topology;
    private readonly FivePointFit? _fit;
    private readonly float _margin;

    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: a point that it needs is not
    /// among the landmarks.</exception>
    public CropPlacement(GenerationManifest manifest)
    {
        _topology = new FaceTopology(manifest.Name, manifest.Template.Points);
        _fit = manifest.Template.Alignment is null ? null : new FivePointFit(manifest.Template, _topology);
        _margin = (float)manifest.Template.Margin;
    }

    /// <summary>Landmarks of a face.</summary>
    public int PointCount => _topology.PointCount;

    /// <param name="landmarks">In luma pixels.</param>
    /// <exception cref="ArgumentException">Landmarks of another net.</exception>
    public FaceSquare SquareAround(ReadOnlySpan<Vector2> landmarks)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(landmarks.Length, PointCount, nameof(landmarks));
        return _fit?.SquareAround(landmarks) ?? _topology.SquareAround(landmarks, _margin);
    }
}
