using System.Numerics;
using FaceAnonStream.Detection;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Alignment;

/// <summary>Landmarks as a network reads them from one crop.</summary>
/// <param name="Points">In luma pixels, in the order of the network's manifest.</param>
/// <param name="Usability">0 to 1: whether there is a face whose points can be trusted.</param>
public sealed record LandmarkReading(ReadOnlyMemory<Vector2> Points, float Usability);

/// <summary>Finds the landmarks of faces whose place is known. One call at a time, unless an implementation says otherwise.</summary>
public interface ILandmarkNet : IDisposable
{
    ModelIdentity Model { get; }

    /// <summary>Landmarks of a face.</summary>
    int PointCount { get; }

    /// <summary>Side of the square to look at, in longer sides of the face's box.</summary>
    float CropFactor { get; }

    /// <summary>Reads every square of one frame, in batches.</summary>
    /// <param name="frame">Borrowed until the call ends.</param>
    /// <param name="squares">Where the faces are.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>One reading for each square, in order.</returns>
    /// <exception cref="Faults.FaultException">Origin <see cref="Faults.FaultOrigin.Model"/>: inference failed, overstayed,
    /// or gave values that are not finite.</exception>
    ValueTask<IReadOnlyList<LandmarkReading>> ReadAsync(
        VideoFrame frame, IReadOnlyList<FaceSquare> squares, CancellationToken ct);
}
