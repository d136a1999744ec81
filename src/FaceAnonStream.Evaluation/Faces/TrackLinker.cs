using FaceAnonStream.Detection;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>
/// Links the detections of consecutive frames into tracks by overlap alone. Stricter than the tracking that covers faces:
/// there a wrong link costs nothing, here it would mix two people.
/// </summary>
public sealed class TrackLinker
{
    private const float LeastOverlap = 0.25f;

    /// <summary>A face may be missed in one frame and go on in the next.</summary>
    private const int LongestStep = 2;

    private readonly Dictionary<int, (int Frame, FaceDetection Face)> _last = [];
    private int _count;

    /// <summary>The track of each face of a frame. Of several possible links the ones that overlap most are made.</summary>
    /// <param name="frame">Number of the frame, larger at each call.</param>
    /// <param name="faces">What was found in it.</param>
    public int[] Link(int frame, IReadOnlyList<FaceDetection> faces)
    {
        ArgumentNullException.ThrowIfNull(faces);
        var trackOf = new int[faces.Count];
        Array.Fill(trackOf, -1);
        foreach (var lost in _last.Where(track => frame - track.Value.Frame > LongestStep).Select(track => track.Key).ToList())
        {
            _last.Remove(lost);
        }

        var links =
            from track in _last
            from face in Enumerable.Range(0, faces.Count)
            let overlap = track.Value.Face.Box.IntersectionOverUnion(faces[face].Box)
            where overlap > LeastOverlap
            orderby overlap descending
            select (Track: track.Key, Face: face);
        var taken = new HashSet<int>();
        foreach (var (track, face) in links.ToList())
        {
            if (trackOf[face] < 0 && taken.Add(track))
            {
                trackOf[face] = track;
            }
        }

        for (var face = 0; face < trackOf.Length; face++)
        {
            trackOf[face] = trackOf[face] < 0 ? _count++ : trackOf[face];
            _last[trackOf[face]] = (frame, faces[face]);
        }

        return trackOf;
    }
}
