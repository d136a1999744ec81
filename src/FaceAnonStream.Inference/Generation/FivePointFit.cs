using System.Numerics;
using FaceAnonStream.Alignment;
using FaceAnonStream.Models;

namespace FaceAnonStream.Inference.Generation;

/// <summary>
/// Places a crop so that five points of a face come to lie where a network expects them: the similarity with the least
/// squared error in the crop (S. Umeyama, "Least-squares estimation of transformation parameters between two point
/// patterns", 1991; in the plane, complex numbers make it a quotient).
/// </summary>
internal sealed class FivePointFit
{
    private readonly int[][] _places;
    private readonly Complex[] _template;
    private readonly Complex _center;

    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: a point is not among the landmarks.</exception>
    public FivePointFit(GenerationTemplate template, FaceTopology topology)
    {
        _places = [.. template.FivePoints!.Select(indices => indices.Select(topology.PlaceOf).ToArray())];
        _template = [.. template.Alignment!.Select(place => new Complex(place[0], place[1]))];
        _center = Mean(_template);
    }

    /// <param name="landmarks">In luma pixels.</param>
    /// <returns>A square that is not finite where the five points are one.</returns>
    public FaceSquare SquareAround(ReadOnlySpan<Vector2> landmarks)
    {
        var points = new Complex[_places.Length];
        for (var i = 0; i < points.Length; i++)
        {
            foreach (var place in _places[i])
            {
                points[i] += new Complex(landmarks[place].X, landmarks[place].Y) / _places[i].Length;
            }
        }

        var center = Mean(points);
        var (cross, square) = (Complex.Zero, 0.0);
        for (var i = 0; i < points.Length; i++)
        {
            cross += Complex.Conjugate(points[i] - center) * (_template[i] - _center);
            square += Math.Pow(Complex.Abs(points[i] - center), 2);
        }

        // From sides of the crop to the picture: the inverse of what was fitted.
        var turn = square / cross;
        var middle = center + (turn * (new Complex(0.5, 0.5) - _center));
        return new FaceSquare(new Vector2((float)middle.Real, (float)middle.Imaginary), (float)turn.Magnitude, (float)turn.Phase);
    }

    private static Complex Mean(Complex[] points) => points.Aggregate((a, b) => a + b) / points.Length;
}
