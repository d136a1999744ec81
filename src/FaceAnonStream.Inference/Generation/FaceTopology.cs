using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Faults;

namespace FaceAnonStream.Inference.Generation;

/// <summary>Where known points are among a generator's landmarks.</summary>
internal sealed class FaceTopology
{
    private const int ForeheadIndex = 10;
    private const int ChinIndex = 152;

    private readonly string _model;
    private readonly IReadOnlyList<int> _indices;
    private readonly int _forehead;
    private readonly int _chin;

    /// <param name="model">How errors call the generator.</param>
    /// <param name="indices">Index of each landmark in the 468-point topology.</param>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: without forehead and chin nothing is upright.</exception>
    public FaceTopology(string model, IReadOnlyList<int> indices)
    {
        _model = model;
        _indices = indices;
        _forehead = PlaceOf(ForeheadIndex);
        _chin = PlaceOf(ChinIndex);
    }

    /// <summary>Landmarks of a face.</summary>
    public int PointCount => _indices.Count;

    /// <summary>The upright square around a face's landmarks.</summary>
    /// <inheritdoc cref="FaceSquare.Around"/>
    public FaceSquare SquareAround(ReadOnlySpan<Vector2> landmarks, float margin) =>
        FaceSquare.Around(landmarks, _forehead, _chin, margin);

    /// <summary>Where a point of the topology is among the landmarks.</summary>
    /// <exception cref="FaultException">Origin <see cref="FaultOrigin.Model"/>: it is not.</exception>
    public int PlaceOf(int index)
    {
        var place = _indices.ToList().IndexOf(index);
        return place >= 0 ? place : throw new FaultException(FaultOrigin.Model, $"{_model}: point {index} is not among its landmarks");
    }
}
