using FaceAnonStream.Evaluation.Metrics;

namespace FaceAnonStream.Evaluation.Faces;

/// <summary>A face that the recognisers saw.</summary>
/// <param name="Measurement">What else is known of it.</param>
/// <param name="Person">Whose it is.</param>
/// <param name="Track">Its track, of all clips' tracks.</param>
/// <param name="Seen">What they saw.</param>
/// <param name="Next">The next frame's; null when the track pauses there.</param>
internal sealed record IdentitySample(FaceMeasurement Measurement, int Person, int Track, SeenIdentity Seen, FollowingFace? Next)
{
    public Embedding Original(int recognizer) => new(Person, Track, Measurement.Face.Frame, Seen.Original[recognizer]);

    public Embedding Anonymised(int recognizer) => new(Person, Track, Measurement.Face.Frame, Seen.Anonymised[recognizer]);
}

/// <summary>The same face in the next frame.</summary>
/// <param name="Measurement">What else is known of it.</param>
/// <param name="Seen">What the recognisers saw.</param>
internal sealed record FollowingFace(FaceMeasurement Measurement, SeenIdentity Seen);

/// <summary>Puts together what the recognisers saw in all clips, and links the tracks into people.</summary>
internal static class IdentitySamples
{
    private const float LeastMeanScore = 0.75f;

    /// <summary>The samples of every track that surely shows a face; empty without a recogniser.</summary>
    public static IReadOnlyList<IdentitySample> Collect(IReadOnlyList<ClipResult> clips)
    {
        var tracks = (
            from clip in Enumerable.Range(0, clips.Count)
            from track in clips[clip].Plan.Samples.Where(clips[clip].Identities.ContainsKey).GroupBy(face => clips[clip].Faces.Faces[face].Track)
            let samples = track.ToList()
            where IsFace(samples, clips[clip])
            select new SampledTrack(clip, track.Key, samples)).ToList();
        if (tracks.Count == 0)
        {
            return [];
        }

        var means = tracks.ConvertAll(track => PersonLinking.MeanDirection(
            track.Samples.ConvertAll(face => clips[track.Clip].Identities[face].Original[0])));
        var frames = tracks.ConvertAll(track => clips[track.Clip].Faces.Tracks[track.Track]
            .Select(face => clips[track.Clip].Faces.Faces[face].Frame).ToHashSet());
        var people = PersonLinking.Link(
            means, (a, b) => tracks[a].Clip == tracks[b].Clip && frames[a].Overlaps(frames[b]));
        return [.. tracks.SelectMany((track, i) => track.Samples.Select(face => Sample(clips[track.Clip], face, people[i], i)))];
    }

    /// <summary>What lasts but never looks much like a face is a flower, not a person. Real ones, in profile and out of focus
    /// too, have mean scores from 0.85 on.</summary>
    private static bool IsFace(List<int> samples, ClipResult clip) =>
        samples.Average(face => clip.Faces.Faces[face].Detection.Score) >= LeastMeanScore;

    private static IdentitySample Sample(ClipResult clip, int face, int person, int track) => new(
        clip.Measurements[face],
        person,
        track,
        clip.Identities[face],
        clip.Plan.Following(face) is { } next ? new FollowingFace(clip.Measurements[next], clip.Identities[next]) : null);

    private sealed record SampledTrack(int Clip, int Track, List<int> Samples);
}
