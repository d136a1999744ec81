using FaceAnonStream.Detection;
using FaceAnonStream.Frames;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>First look at a clip: finds the faces of the original and links them into tracks. Keeps no frame.</summary>
internal static class ClipSurvey
{
    /// <param name="source">The original. Borrowed.</param>
    /// <param name="detector">Borrowed.</param>
    /// <param name="seen">Told how many more frames and faces were looked at.</param>
    /// <param name="ct">Stops.</param>
    public static async Task<ClipFaces> SurveyAsync(
        IVideoSource source, IFaceDetector detector, Action<int, int> seen, CancellationToken ct)
    {
        var faces = new List<SeenFace>();
        var linker = new TrackLinker();
        for (var first = 0; ; first += EvaluationModels.BatchSize)
        {
            using var batch = await FrameBatch.ReadAsync(source, first, EvaluationModels.BatchSize, ct).ConfigureAwait(false);
            if (batch.Frames.Count > 0)
            {
                var found = await detector.DetectAsync(batch.Frames, ct).ConfigureAwait(false);
                for (var i = 0; i < found.Count; i++)
                {
                    var trackOf = linker.Link(first + i, found[i]);
                    faces.AddRange(found[i].Zip(trackOf, (face, track) => new SeenFace(first + i, track, face)));
                }

                seen(batch.Frames.Count, found.Sum(list => list.Count));
            }

            if (batch.Frames.Count < EvaluationModels.BatchSize)
            {
                return new ClipFaces(first + batch.Frames.Count, faces);
            }
        }
    }
}
