using FaceAnonStream.Detection;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>A face of an original clip.</summary>
/// <param name="Frame">In which frame, from 0.</param>
/// <param name="Track">In which track of the clip, from 0.</param>
/// <param name="Detection">Where.</param>
public sealed record SeenFace(int Frame, int Track, FaceDetection Detection);

/// <summary>The faces of an original clip, frame after frame.</summary>
/// <param name="Frames">How many frames it has.</param>
/// <param name="Faces">In the order of their frames.</param>
public sealed record ClipFaces(int Frames, IReadOnlyList<SeenFace> Faces)
{
    /// <summary>The faces of each track, as indices into <see cref="Faces"/>, in the order of their frames.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Tracks { get; } =
        [.. Enumerable.Range(0, Faces.Count).GroupBy(face => Faces[face].Track).OrderBy(track => track.Key).Select(track => track.ToList())];
}
